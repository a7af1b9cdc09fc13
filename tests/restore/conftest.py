"""A clock that runs on and that tests can move."""

from tests.jobs.conftest import clock as clock
