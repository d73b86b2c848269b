"""Say where the project lives: in the metadata's addresses, and in the README's links as the package index shows them.

The repository does not know its own public address, so whoever publishes gives it in WORSTSORT_HOME, such as
https://github.com/OWNER/worstsort. Without it the description leads nowhere: pictures go, and links become plain text.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

RELATIVE = r"\((?!https?:|#)([^)]*)\)"
ANCESTOR = "https://github.com/cep21/geneticsort"


class Home(MetadataHookInterface):
    """The README and the addresses."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Set both; the version is known by then."""
        home = os.environ.get("WORSTSORT_HOME", "").rstrip("/")
        readme = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        metadata["readme"] = {"content-type": "text/markdown", "text": described(readme, home, metadata["version"])}
        metadata["urls"] = addresses(home)


def addresses(home: str) -> dict[str, str]:
    """Return the addresses that the package index lists."""
    own = {
        "Homepage": home,
        "Source": home,
        "Documentation": f"{home}/tree/main/docs",
        "Changelog": f"{home}/blob/main/CHANGELOG.md",
        "Issues": f"{home}/issues",
    }
    return (own if home else {}) | {"Ancestor": ANCESTOR}


def described(readme: str, home: str, version: str) -> str:
    """Return the README with links into the repository made absolute, at the tag of the version, or taken out."""
    if home:
        readme = re.sub(r"(!\[[^\]]*\])" + RELATIVE, rf"\1({home}/raw/v{version}/\2)", readme)
        return re.sub(r"(?<!!)(\[[^\]]+\])" + RELATIVE, rf"\1({home}/blob/v{version}/\2)", readme)
    readme = re.sub(r"(?m)^!\[[^\]]*\]" + RELATIVE + r"\n", "", readme)
    return re.sub(r"\[([^\]]+)\]" + RELATIVE, r"\1", readme)
