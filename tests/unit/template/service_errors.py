"""The errors that the services called by the state machine report, and what the machine does about each.

The names after the dot are the service's own, as botocore's models list them for the operation, or those that Step
Functions gives to what has no name there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import botocore.session

if TYPE_CHECKING:
    from collections.abc import Mapping

NO_VPC = "only functions in a VPC report it"
NO_FILES = "only functions with a file system report it"
NO_SNAPSTART = "only functions with SnapStart or another optional way of starting report it"
NO_KEY = "only with a customer's KMS key"
AGAIN = "the same call would be refused again"


@dataclass(frozen=True)
class Integration:
    """A service as Step Functions calls it.

    Attributes:
        service: the service's name in botocore.
        operation: the operation that is called.
        prefix: what the names of its errors begin with.
        transient: errors after which the same call soon succeeds; it is repeated for some minutes.
        nameless: what an error is called that has no class of its own, which is a missing permission as well as a
            service in trouble; the call is repeated for less than a minute.
        ended: errors for a function that was ended from outside; it is idempotent, and called again twice.
        permanent: errors that are not retried, each with the reason.
    """

    service: str
    operation: str
    prefix: str
    transient: frozenset[str]
    nameless: str
    ended: frozenset[str] = frozenset()
    permanent: Mapping[str, str] = field(default_factory=dict)

    def modelled(self) -> set[str]:
        """Return the errors that botocore lists for the operation."""
        model = botocore.session.get_session().get_service_model(self.service).operation_model(self.operation)
        return {self.prefix + shape.name for shape in model.error_shapes}

    def retried(self) -> set[str]:
        """Return all errors that are retried."""
        return {*self.transient, self.nameless, *self.ended}


def _named(prefix: str, reason: str, *names: str) -> dict[str, str]:
    return {prefix + name: reason for name in names}


LAMBDA = Integration(
    service="lambda",
    operation="Invoke",
    prefix="Lambda.",
    # Step Functions Developer Guide, "Handle Lambda service exceptions": "Lambda can occasionally experience transient
    # service errors. In this case, invoking Lambda results in a 500 error, such as ClientExecutionTimeoutException,
    # ServiceException, AWSLambdaException, or SdkClientException. As a best practice, proactively handle these
    # exceptions"; "When Lambda hits the maximum number of invocations, the error is Lambda.TooManyRequestsException."
    # botocore on ResourceConflictException: "The resource already exists, or another operation is in progress."
    transient=frozenset(
        {
            "Lambda.ClientExecutionTimeoutException",
            "Lambda.ServiceException",
            "Lambda.SdkClientException",
            "Lambda.TooManyRequestsException",
            "Lambda.ResourceConflictException",
        }
    ),
    nameless="Lambda.AWSLambdaException",
    # The same page: "Unhandled errors in Lambda are reported as Lambda.Unknown in the error output. These include
    # out-of-memory errors and function timeouts." Sandbox.Timedout and Runtime.ExitError are the names
    # that the function's own answer has for the two; no sentence of AWS's was found for them.
    ended=frozenset({"Lambda.Unknown", "Sandbox.Timedout", "Runtime.ExitError", "States.Timeout"}),
    permanent={
        **_named("Lambda.", NO_VPC, "EC2AccessDeniedException", "EC2ThrottledException", "EC2UnexpectedException",
                 "ENILimitReachedException", "ENINotReadyException", "InvalidSecurityGroupIDException",
                 "InvalidSubnetIDException", "ResourceNotReadyException", "SubnetIPAddressLimitReachedException"),
        **_named("Lambda.", NO_FILES, "EFSIOException", "EFSMountConnectivityException", "EFSMountFailureException",
                 "EFSMountTimeoutException", "S3FilesMountConnectivityException", "S3FilesMountFailureException",
                 "S3FilesMountTimeoutException"),
        **_named("Lambda.", NO_SNAPSTART, "SnapStartException", "SnapStartNotReadyException",
                 "SnapStartTimeoutException", "SnapStartRegenerationFailureException",
                 "CodeArtifactUserDeletedException", "CodeArtifactUserFailedException",
                 "CodeArtifactUserPendingException", "RuntimeAliasDeletedException",
                 "RuntimeVersionDeletedException", "DurableExecutionAlreadyStartedException",
                 "ModeNotSupportedException", "NoPublishedVersionException"),
        **_named("Lambda.", NO_KEY, "KMSAccessDeniedException", "KMSDisabledException", "KMSInvalidStateException",
                 "KMSNotFoundException"),
        **_named("Lambda.", AGAIN, "InvalidParameterValueException", "InvalidRequestContentException",
                 "InvalidRuntimeException", "InvalidZipFileException", "RecursiveInvocationException",
                 "RequestTooLargeException", "ResourceNotFoundException", "SerializedRequestEntityTooLargeException",
                 "ServiceQuotaExceededException", "UnsupportedMediaTypeException"),
    },
)  # fmt: skip

BATCH = Integration(
    service="batch",
    operation="SubmitJob",
    prefix="Batch.",
    # botocore on ServerException: "These errors are usually caused by a server issue."
    transient=frozenset({"Batch.ServerException", "Batch.TooManyRequestsException", "Batch.SdkClientException"}),
    nameless="Batch.AWSBatchException",
    # botocore on ClientException: "using an action or resource on behalf of a user that doesn't have permissions", or
    # "specifying an identifier that's not valid".
    permanent=_named("Batch.", AGAIN, "ClientException"),
)

STEP_FUNCTIONS = Integration(
    service="stepfunctions",
    operation="StartExecution",
    prefix="StepFunctions.",
    # "The StartExecution API action quotas can limit the number of executions that you can start. Use the Retry on
    # StepFunctions.ExecutionLimitExceeded to ensure your execution is started": Step Functions Developer Guide, "Start
    # workflow executions from a task state". The class that Step Functions reports has the suffix Exception.
    transient=frozenset(
        {
            "StepFunctions.ExecutionLimitExceeded",
            "StepFunctions.ExecutionLimitExceededException",
            "StepFunctions.SdkClientException",
            "StepFunctions.ThrottlingException",
        }
    ),
    nameless="StepFunctions.AWSStepFunctionsException",
    permanent={
        # botocore on StartExecution: "If the execution is closed or if the input is different, it returns a 400
        # ExecutionAlreadyExists error."
        **_named("StepFunctions.", "RecordFailure finds out if an earlier start succeeded", "ExecutionAlreadyExists"),
        **_named("StepFunctions.", AGAIN, "InvalidArn", "InvalidExecutionInput", "InvalidName", "StateMachineDeleting",
                 "StateMachineDoesNotExist", "ValidationException"),
        **_named("StepFunctions.", NO_KEY, "KmsAccessDeniedException", "KmsInvalidStateException",
                 "KmsThrottlingException"),
    },
)  # fmt: skip

INTEGRATIONS = {"lambda:invoke": LAMBDA, "batch:submitJob.sync": BATCH, "states:startExecution": STEP_FUNCTIONS}
"""By the end of a task's Resource."""
