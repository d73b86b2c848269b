"""The stack's repository of images in ECR: what is there, and how to log in."""

from __future__ import annotations

import base64
from typing import Any

from tools.deployment.errors import DeploymentFailed


def has_image(ecr: Any, uri: str, tag: str) -> bool:
    """Return whether a repository has an image of that tag.

    Raises:
        DeploymentFailed: The repository is gone.
    """
    try:
        ecr.describe_images(repositoryName=uri.partition("/")[2], imageIds=[{"imageTag": tag}])
    except ecr.exceptions.ImageNotFoundException:
        return False
    except ecr.exceptions.RepositoryNotFoundException:
        raise DeploymentFailed(f"the stack's repository {uri} is gone; without it no job can start") from None
    return True


def credentials(ecr: Any) -> tuple[str, str]:
    """Return the user and the password with which Docker logs in."""
    (token,) = ecr.get_authorization_token()["authorizationData"]
    user, _, password = base64.b64decode(token["authorizationToken"]).decode().partition(":")
    return user, password
