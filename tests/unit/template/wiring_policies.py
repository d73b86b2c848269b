"""Policies for what is wired to what: variables to the code that reads them, workers to the services that they call."""

from __future__ import annotations

import ast
from functools import cache
from importlib import import_module
from ipaddress import ip_network
from itertools import combinations
from typing import TYPE_CHECKING, Any

from pydantic import AliasChoices

from tests.unit.template.policy import Policies
from tests.unit.template.system import ROOT
from worstsort.control.jobs import EXECUTION_VARIABLE
from worstsort.runtime.environment import Environment, StoreEnvironment
from worstsort.worker.evolve_epoch import Job

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.unit.template.system import Json, System

POLICIES = Policies()

ANYWHERE = "0.0.0.0/0"

BY_BATCH = {"ISLAND", "AWS_BATCH_JOB_ARRAY_INDEX", "AWS_BATCH_JOB_ATTEMPT"}
"""Variables of a job that nobody has to give: Batch gives a child of an array its index, and an island alone is 0; it
gives each attempt its number ("This variable is set to the job attempt number. The first attempt is numbered 1." - AWS
Batch User Guide, AWS Batch job environment variables)."""

BY_LIBRARIES = {"POWERTOOLS_LOG_LEVEL", "AWS_DEFAULT_REGION"}
"""Variables that are read by Powertools' logger and by boto3, and that Lambda would set for a function."""

NOT_FOR_JOBS = {"CHAMPIONS_TABLE"}
"""Variables of the store whose part of it no job uses."""

VALUES: Json = {
    "GENERATIONS_TABLE": {"Ref": "GenerationsTable"},
    "CHAMPIONS_TABLE": {"Ref": "ChampionsTable"},
    "BUCKET": {"Ref": "Bucket"},
    "ENVIRONMENT": {"Ref": "Environment"},
    "POWERTOOLS_SERVICE_NAME": {"Ref": "AWS::StackName"},
    "POWERTOOLS_METRICS_NAMESPACE": "Worstsort",
    "POWERTOOLS_LOG_LEVEL": {"Ref": "JobLogLevel"},
    "AWS_DEFAULT_REGION": {"Ref": "AWS::Region"},
    "JOB_LOG_GROUP": {"Ref": "JobLogGroup"},
    "STATE_MACHINE": {"Ref": "EvolveStateMachine"},
    "THREADS": {"Fn::Sub": "${JobvCpus}"},
    "SAVE_SECONDS": {"Fn::Sub": "${SaveSeconds}"},
    "CHECKPOINT_DAYS": {"Fn::Sub": "${CheckpointDays}"},
}
"""What the variables have to be; those that depend on the capacity are in the policies about it."""


@cache
def _read_by_metrics() -> frozenset[str]:
    """Return the variables that metrics and logs are named by, each with a default that is wrong in a deployment."""
    names = set()
    for path in (ROOT / "layers" / "evolution" / "worstsort" / "runtime").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "os.environ.get":
                (name, *_) = node.args
                assert isinstance(name, ast.Constant)
                names.add(str(name.value))
    return frozenset(names)


def _aliases(*models: type[Environment]) -> set[str]:
    """Return the names of all variables that models read."""
    names: set[str] = set()
    for model in models:
        for field in model.model_fields.values():
            alias = field.validation_alias
            names |= set(map(str, alias.choices)) if isinstance(alias, AliasChoices) else {str(alias)}
    return names


def _required(*models: type[Environment]) -> set[str]:
    return {str(field.alias) for model in models for field in model.model_fields.values() if field.is_required()}


def _own_models(folder: str) -> list[type[Environment]]:
    """Return what a function's module reads besides the store's variables."""
    members = vars(import_module(f"{folder.replace('/', '.')}.app")).values()
    found = [each for each in members if isinstance(each, type) and issubclass(each, Environment)]
    # Of a model and the one that it extends, the latter says nothing more.
    return [each for each in found if each is not Environment and not any(each in other.__mro__[1:] for other in found)]


def _variables(system: System, function: str) -> Json:
    variables: Json = system.of("Lambda::Function")[function]["Environment"]["Variables"]
    return variables


def _own_variables(system: System, function: str) -> Json:
    variables: Json = system.source["Resources"][function]["Properties"].get("Environment", {}).get("Variables", {})
    return variables


def _container(system: System) -> Json:
    container: Json = system.of("Batch::JobDefinition")["JobDefinition"]["ContainerProperties"]
    return container


def _of_job(system: System) -> Json:
    return {variable["Name"]: variable["Value"] for variable in _container(system)["Environment"]}


def _overrides(system: System, state: str) -> set[str]:
    given = system.states()[state]["Parameters"]["ContainerOverrides"]["Environment"]
    return {variable["Name"] for variable in given}


def _forget(name: str) -> Any:
    """Return a break that takes a variable away from jobs."""
    return lambda s: _container(s).update(
        Environment=[variable for variable in _container(s)["Environment"] if variable["Name"] != name]
    )


@POLICIES.add(
    "A variable that is not given fails the first invocation, or leaves a default that is wrong; one that nobody reads "
    "suggests that it has an effect.",
    *(
        lambda s, name=name: _variables(s, "CloseEpochFunction").pop(name)
        for name in ("GENERATIONS_TABLE", "BUCKET", "ENVIRONMENT", "POWERTOOLS_METRICS_NAMESPACE")
    ),
    lambda s: _variables(s, "PrepareRunFunction").pop("JOB_MEMORY"),
    lambda s: _variables(s, "RecordFailureFunction").pop("JOB_LOG_GROUP"),
    lambda s: _variables(s, "ReconcileRunFunction").pop("JOB_QUEUES"),
    lambda s: _variables(s, "SweepRunsFunction").pop("STATE_MACHINE"),
    lambda s: s.source["Resources"]["SeedPopulationsFunction"]["Properties"].update(
        Environment={"Variables": {"JOB_MEMORY": "1"}}
    ),
    lambda s: s.source["Globals"]["Function"]["Environment"]["Variables"].update(SAVE_SECONDS="1"),
)
def each_function_is_given_the_variables_that_it_reads(system: System) -> Iterable[str]:
    for_all = set(system.source["Globals"]["Function"]["Environment"]["Variables"])
    yield from (f"nobody reads {name}" for name in sorted(for_all - _aliases(StoreEnvironment) - _read_by_metrics()))
    for function in system.of("Lambda::Function"):
        own = _own_models(system.source["Resources"][function]["Properties"]["CodeUri"])
        needed = _required(StoreEnvironment, *own) | _read_by_metrics()
        yield from (f"{function} lacks {name}" for name in sorted(needed - set(_variables(system, function))))
        superfluous = set(_own_variables(system, function)) - _aliases(*own)
        yield from (f"{function} does not read {name}" for name in sorted(superfluous))


@POLICIES.add(
    "A job without a variable fails, or evolves with a setting that is not the deployment's.",
    *(
        _forget(name)
        for name in ("GENERATIONS_TABLE", "BUCKET", "THREADS", "SAVE_SECONDS", "CHECKPOINT_DAYS", "ENVIRONMENT",
                     "POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE", "POWERTOOLS_LOG_LEVEL",
                     "AWS_DEFAULT_REGION")
    ),
    lambda s: _container(s)["Environment"].append({"Name": "NOBODY", "Value": "x"}),
    lambda s: s.states()["EvolveIslands"]["Parameters"]["ContainerOverrides"]["Environment"].pop(0),
    lambda s: s.states()["EvolveOneIsland"]["Parameters"]["ContainerOverrides"]["Environment"].pop(1),
    lambda s: s.states()["EvolveOneIsland"]["Parameters"]["ContainerOverrides"]["Environment"].pop(2),
)  # fmt: skip
def each_job_is_given_the_variables_that_it_reads(system: System) -> Iterable[str]:
    read = _aliases(Job, StoreEnvironment) - BY_BATCH - NOT_FOR_JOBS
    needed = read | _read_by_metrics() | BY_LIBRARIES | {EXECUTION_VARIABLE}
    for state in ("EvolveIslands", "EvolveOneIsland"):
        given = set(_of_job(system)) | _overrides(system, state)
        yield from (f"{state}: {name} is not given" for name in sorted(needed - given))
        yield from (f"{state}: nobody reads {name}" for name in sorted(given - needed))


@POLICIES.add(
    "A variable with the value of another one is found out by a run, or by nobody.",
    lambda s: _variables(s, "FinishRunFunction").update(GENERATIONS_TABLE={"Ref": "ChampionsTable"}),
    lambda s: _variables(s, "RecordFailureFunction").update(JOB_LOG_GROUP={"Ref": "RecordFailureLogGroup"}),
    lambda s: _variables(s, "CloseEpochFunction").update(POWERTOOLS_METRICS_NAMESPACE="Other"),
    lambda s: _container(s)["Environment"][2].update(Value={"Fn::Sub": "${MaxvCpus}"}),
    lambda s: _container(s)["Environment"][3].update(Value="15"),
)
def variables_have_the_values_of_what_they_name(system: System) -> Iterable[str]:
    given = {name: _variables(system, name) for name in system.of("Lambda::Function")} | {"a job": _of_job(system)}
    for who, variables in given.items():
        wrong = {name: value for name, value in variables.items() if name in VALUES and value != VALUES[name]}
        yield from (f"{who}: {name} is {value}" for name, value in wrong.items())


# --- the network


def _subnets(system: System) -> dict[str, Json]:
    return system.of("EC2::Subnet")


@POLICIES.add(
    "A worker that reaches no service cannot even say so; its jobs would wait until they are cancelled.",
    lambda s: s.resources.pop("SubnetBRoutes"),
    lambda s: s.resources.pop("InternetGatewayAttachment"),
    lambda s: s.of("EC2::Route")["DefaultRoute"].update(DestinationCidrBlock="10.0.0.0/8"),
    lambda s: s.of("EC2::Route")["DefaultRoute"].pop("GatewayId"),
    lambda s: s.of("EC2::SubnetRouteTableAssociation")["SubnetARoutes"].update(SubnetId={"Ref": "SubnetC"}),
    lambda s: _subnets(s)["SubnetC"].update(MapPublicIpOnLaunch=False),
    lambda s: s.of("EC2::VPC")["Vpc"].update(EnableDnsSupport=False),
    lambda s: s.of("EC2::SecurityGroup")["WorkerSecurityGroup"]["SecurityGroupEgress"][0].update(ToPort=80),
)
def workers_reach_aws_from_every_subnet(system: System) -> Iterable[str]:
    attached = [each["InternetGatewayId"] for each in system.of("EC2::VPCGatewayAttachment").values()]
    open_tables = [
        route["RouteTableId"]
        for route in system.of("EC2::Route").values()
        if route.get("DestinationCidrBlock") == ANYWHERE and route.get("GatewayId") in attached
    ]
    joined = {
        each["SubnetId"]["Ref"]: each["RouteTableId"] for each in system.of("EC2::SubnetRouteTableAssociation").values()
    }
    for name, subnet in _subnets(system).items():
        if joined.get(name) not in open_tables:
            yield f"{name} has no way out"
        if subnet.get("MapPublicIpOnLaunch") is not True:
            yield f"{name} gives no address with which answers could find back"
    yield from (
        f"{name} resolves no names"
        for name, vpc in system.of("EC2::VPC").items()
        if not (vpc.get("EnableDnsSupport") is True and vpc.get("EnableDnsHostnames") is True)
    )
    for name, group in system.of("EC2::SecurityGroup").items():
        ways = [(way["IpProtocol"], way["FromPort"], way["ToPort"], way["CidrIp"])
                for way in group["SecurityGroupEgress"]]  # fmt: skip
        if ways != [("tcp", 443, 443, ANYWHERE)]:
            yield f"{name} lets out {ways}, not HTTPS alone"


@POLICIES.add(
    "Subnets that overlap, or share a zone, fail the deployment, or leave one zone without capacity.",
    lambda s: _subnets(s)["SubnetB"].update(CidrBlock="10.42.0.0/24"),
    lambda s: _subnets(s)["SubnetB"].update(CidrBlock="10.43.16.0/20"),
    lambda s: _subnets(s)["SubnetB"].update(AvailabilityZone=_subnets(s)["SubnetA"]["AvailabilityZone"]),
    lambda s: _subnets(s)["SubnetC"].update(VpcId={"Ref": "OtherVpc"}),
)
def subnets_are_apart_and_within_their_network(system: System) -> Iterable[str]:
    (vpc,) = system.of("EC2::VPC").values()
    networks = {name: ip_network(subnet["CidrBlock"]) for name, subnet in _subnets(system).items()}
    whole = ip_network(vpc["CidrBlock"])
    yield from (f"{name} is not within" for name, part in networks.items() if not part.subnet_of(whole))  # type: ignore[arg-type]
    yield from (f"{one} overlaps {other}" for one, other in combinations(networks, 2)
                if networks[one].overlaps(networks[other]))  # fmt: skip
    zones = [str(subnet["AvailabilityZone"]) for subnet in _subnets(system).values()]
    if len(set(zones)) != len(zones):
        yield "two subnets are in one zone"
    yield from (f"{name} is elsewhere" for name, each in _subnets(system).items() if each["VpcId"] != {"Ref": "Vpc"})


# --- alarms and rights that no run shows

Line = tuple[str, int, int, Any, str]

ALARMS: dict[str, Line] = {
    "RunsFailedAlarm": ("Sum", 300, 1, 0, "GreaterThanThreshold"),
    "RunsTimedOutAlarm": ("Sum", 300, 1, 0, "GreaterThanThreshold"),
    "RunsThrottledAlarm": ("Sum", 300, 3, 0, "GreaterThanThreshold"),  # once is not worth a mail
    "FunctionErrorsAlarm": ("Sum", 300, 1, 0, "GreaterThanThreshold"),
    "JobsStuckAlarm": ("Sum", 300, 1, 0, "GreaterThanThreshold"),
    "RunsSweptAlarm": ("Sum", 300, 1, 0, "GreaterThanThreshold"),
    "StagnationAlarm": ("Maximum", 300, 1, {"Ref": "StagnationEpochs"}, "GreaterThanOrEqualToThreshold"),
    "DeadLettersAlarm": ("Maximum", 300, 1, 0, "GreaterThanThreshold"),
}
"""The statistic of each alarm, its period in seconds, how many periods count, the threshold and the comparison."""


def _line(alarm: Json) -> Line:
    queries = [query["MetricStat"] for query in alarm.get("Metrics", []) if "MetricStat" in query]
    how = {(query["Stat"], query["Period"]) for query in queries} or {(alarm["Statistic"], alarm["Period"])}
    (one,) = how if len(how) == 1 else [("several", 0)]
    return (*one, alarm["EvaluationPeriods"], alarm["Threshold"], alarm["ComparisonOperator"])


@POLICIES.add(
    "An alarm with another threshold is one that never goes off, or always.",
    lambda s: s.of("CloudWatch::Alarm")["RunsFailedAlarm"].update(Threshold=1),
    lambda s: s.of("CloudWatch::Alarm")["DeadLettersAlarm"].update(ComparisonOperator="LessThanThreshold"),
    lambda s: s.of("CloudWatch::Alarm")["StagnationAlarm"].update(Statistic="Sum"),
    lambda s: s.of("CloudWatch::Alarm")["RunsThrottledAlarm"].update(EvaluationPeriods=1),
    lambda s: s.of("CloudWatch::Alarm")["FunctionErrorsAlarm"]["Metrics"][1]["MetricStat"].update(Period=60),
    lambda s: s.resources.update(NewAlarm=s.resources["RunsFailedAlarm"]),
)
def each_alarm_goes_off_where_it_should(system: System) -> Iterable[str]:
    found = {name: _line(alarm) for name, alarm in system.of("CloudWatch::Alarm").items()}
    yield from (f"{name}: {found.get(name)} is not {line}" for name, line in ALARMS.items() if found.get(name) != line)
    yield from (f"{name} is not listed" for name in sorted(set(found) - set(ALARMS)))
