"""Sentences of a receiver: moments, places, and what is left out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.made_telemetry import AT, LON, packed, rmc, sentence
from voirie.nmea import read_nmea


@given(st.floats(0.001, 89.9), st.integers(0, 59))
def test_a_place_comes_back_as_it_was_written(lat: float, second: int) -> None:
    found = read_nmea(rmc(second, lat=lat))
    assert found["lat"].iloc[0] == pytest.approx(lat, abs=1e-6)
    assert found["lon"].iloc[0] == pytest.approx(LON, abs=1e-6)
    assert (found["t_utc"].iloc[0] - AT).total_seconds() == second


def test_sentences_of_one_moment_are_one_position() -> None:
    gga = sentence(f"GNGGA,101501.00,{packed(44.36):.4f},N,00234.50,E,1,08,1.0,500,M,48,M,,")
    found = read_nmea("\n".join([rmc(0), "$GPGSV,3,1,11*74", rmc(1), gga, "rubbish", rmc(2)]))
    assert found["t_s"].tolist() == [0.0, 1.0, 2.0]


def test_over_midnight_without_a_date() -> None:
    lines = [sentence(f"GPGGA,{clock},4421.0,N,00234.5,E,1,08,1.0,500,M,48,M,,")
             for clock in ("235959.00", "000000.00", "000001.00")]  # fmt: skip
    found = read_nmea("\n".join(lines))
    assert found["t_s"].tolist() == [0.0, 1.0, 2.0] and found["t_utc"].isna().all()
    dated = read_nmea(rmc(0, at=datetime(2026, 6, 1, 23, 59, 59, tzinfo=UTC)) + "\n" + lines[1])
    assert (dated["t_utc"].iloc[1] - datetime(2026, 6, 2, tzinfo=UTC)).total_seconds() == 0


def test_what_has_no_fix_or_a_wrong_sum_or_no_time() -> None:
    assert read_nmea(rmc(0, fix=False))["lat"].isna().all()
    assert read_nmea(rmc(0)[:-2] + "00").empty
    assert read_nmea("$GPRMC,,V,,,,,,,,,,N*53").empty
    assert read_nmea("").empty
