"""The program: `make smoke STACK=NAME`."""

from __future__ import annotations

import argparse
import sys

from botocore.exceptions import BotoCoreError, ClientError

from tools.smoke import trial
from tools.smoke.report import Report, SmokeFailed
from worstsort_cli.clouds.deployment import connect
from worstsort_cli.errors import CommandFailed


def main(arguments: list[str] | None = None) -> int:
    """Try the stack that is named on the command line; return 0 if all is well."""
    parser = argparse.ArgumentParser(description="Try a deployed stack: three small runs, two of them disturbed.")
    parser.add_argument("stack", help="the stack's name")
    stack = parser.parse_args(arguments).stack
    report = Report(lambda line: print(line, flush=True))
    try:
        trial.smoke(connect(stack), stack, report)
    except (CommandFailed, SmokeFailed, ClientError, BotoCoreError) as error:
        report.check(str(error), holds=False)
    print("all is well" if not report.failures else f"{len(report.failures)} of the checks failed")
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main())
