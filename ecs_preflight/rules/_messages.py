"""AWS's messages that more than one rule quotes (failures #7, #8, #15, #21)."""

RETRIEVAL_FAILED = (
    "ResourceInitializationError: unable to pull secrets or registry auth: "
    "execution resource retrieval failed: "
)
EXEC_FAILED = (
    "An error occurred (TargetNotConnectedException) when calling the ExecuteCommand "
    "operation: The execute command failed due to an internal error. Try again later."
)
NO_LOG_GROUP = (
    "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 "
    "times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log "
    "group does not exist."
)

#: What the agent says where nothing answers it.
NO_CONNECTION = (
    "ResourceInitializationError: unable to pull secrets or registry auth: RequestError: send "
    "request failed caused by: context deadline exceeded. Please check your task network "
    "configuration."
)
