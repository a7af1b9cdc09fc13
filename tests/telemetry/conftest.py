"""The standing clock of the Collect API's tests, and a collector of OTLP."""

from tests.collect.conftest import clock as clock
from tests.telemetry.collecting import collector as collector
