"""What a FireLens log router calls for each output, by its plugin and options.

The router is a container of the task: it calls with the task role (facts B6, B7; fluent-bit's
manual on its output plugins; aws-for-fluent-bit on the older plugins in Go).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..findings.needs import Demand
from ..model import Container, Stack, Target
from ..symbolic import arns
from ..symbolic.answers import Yes, is_absent, truth
from ..symbolic.records import replace
from ..symbolic.terms import Name, Operation
from ..symbolic.values import ABSENT, Entries, Known, Unknown, Value, join, literal, shown_value

#: Options that give the output a role, or a receiver, of its own.
_ROLES = ("role_arn", "aws_role_arn", "roleArn", "external_role_arn")
_ON = ("on", "true", "yes")


def output_of(options: Entries) -> Value:
    """The output plugin of an awsfirelens configuration: Fluent Bit's ``Name``, Fluentd's
    ``@type``."""
    name = options.get_folded("Name")
    return options.get_folded("@type") if isinstance(is_absent(name), Yes) else name


def s3_configuration(container: Container) -> Value | None:
    """The ARN of a FireLens configuration file in S3."""
    options = container.firelens_options
    if isinstance(options, Entries) and literal(options.get("config-file-type")) == "s3":
        return options.get("config-file-value")
    return None


def router_demands(stack: Stack, container: Container, options: Entries) -> tuple[Demand, ...]:
    """What the output demands of the task role; nothing for outputs that ask IAM nothing, or that
    are told to take another role."""
    calls = _CALLS.get((literal(output_of(options)) or "").lower())
    if calls is None or any(
        not isinstance(is_absent(options.get_folded(name)), Yes) for name in _ROLES
    ):
        return ()
    region = options.get_folded("region")
    own = isinstance(is_absent(region), Yes)
    target = stack.target if own else replace(stack.target, region=region)
    return tuple(calls(target, container, options))


def unclear(options: Entries) -> Unknown | None:
    """Why it may not be AWS that receives the logs: an endpoint of one's own."""
    endpoint = options.get_folded("endpoint")
    if isinstance(is_absent(endpoint), Yes):
        return None
    return Unknown("the output has an endpoint of its own", span=endpoint.span)


_Calls = Callable[[Target, Container, Entries], Iterator[Demand]]


def _stream(action: str, option: str, prefix: str) -> _Calls:
    def calls(target: Target, _: Container, options: Entries) -> Iterator[Demand]:
        name = options.get_folded(option)
        yield Demand(action, arns.arn(target, action.partition(":")[0], join(prefix, name)))

    return calls


def _log_group(*more: str) -> _Calls:
    """CloudWatch Logs; ``more`` is what the plugin calls beside the usual."""

    def calls(target: Target, container: Container, options: Entries) -> Iterator[Demand]:
        group = options.get_folded("log_group_name")
        if group == ABSENT or options.get_folded("log_group_template") != ABSENT:
            return
        stream = arns.log_stream(target, group, _named_by_router("log-stream", container))
        yield Demand("logs:PutLogEvents", stream)
        yield Demand("logs:CreateLogStream", stream)
        for action in more:
            yield Demand(action, arns.log_group(target, group))
        if _is_on(options.get_folded("auto_create_group")):
            yield Demand("logs:CreateLogGroup", arns.log_group(target, group))
            days = literal(options.get_folded("log_retention_days"))
            if days is not None and days.isdecimal() and int(days) > 0:
                yield Demand("logs:PutRetentionPolicy", arns.log_group(target, group))

    return calls


def _firehose(target: Target, container: Container, options: Entries) -> Iterator[Demand]:
    """Both routers' plugin has this name, and each its own name for the option."""
    written = options.get_folded("delivery_stream_name")
    option = "delivery_stream" if written == ABSENT else "delivery_stream_name"
    yield from _stream("firehose:PutRecordBatch", option, "deliverystream/")(
        target, container, options
    )


def _bucket(target: Target, container: Container, options: Entries) -> Iterator[Demand]:
    bucket = arns.bucket(target, options.get_folded("bucket"))
    yield Demand("s3:PutObject", join(bucket, "/", _named_by_router("object", container)))


def _signed(actions: dict[str, str], default: str) -> _Calls:
    """What signs its requests only when it is told to; the action by the service it signs for."""

    def calls(_: Target, __: Container, options: Entries) -> Iterator[Demand]:
        service = literal(options.get_folded("aws_service_name"))
        if isinstance(is_absent(options.get_folded("aws_service_name")), Yes):
            service = default
        if _is_on(options.get_folded("AWS_Auth")) and service in actions:
            yield Demand(actions[service], Known("*"))

    return calls


def _is_on(value: Value) -> bool:
    """Is it surely one of Fluent Bit's words for true?"""
    return isinstance(truth(value), Yes) or (literal(value) or "").lower() in _ON


def _named_by_router(what: str, container: Container) -> Unknown:
    term = Operation(what, (Name(shown_value(container.name)),))
    return Unknown(f"the router names the {what}", term)


_SEARCH = _signed({"es": "es:ESHttpPost", "aoss": "aoss:APIAccessAll"}, "es")
_CALLS: dict[str, _Calls] = {
    "firehose": _stream("firehose:PutRecordBatch", "delivery_stream", "deliverystream/"),
    "kinesis_firehose": _firehose,
    "kinesis": _stream("kinesis:PutRecords", "stream", "stream/"),
    "kinesis_streams": _stream("kinesis:PutRecords", "stream", "stream/"),
    "cloudwatch": _log_group("logs:DescribeLogStreams"),
    "cloudwatch_logs": _log_group(),
    "s3": _bucket,
    "es": _SEARCH,
    "opensearch": _SEARCH,
    "prometheus_remote_write": _signed({"aps": "aps:RemoteWrite"}, "aps"),
}
