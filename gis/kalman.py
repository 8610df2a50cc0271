"""A linear Kalman filter and its Rauch-Tung-Striebel smoother for a car seen by GPS.

The state is position, velocity and the slow error of the receiver, two axes each. Acceleration
is white; the receiver's error is a Gauss-Markov process, so that fixes a second apart are not
taken for independent witnesses of one place.

Source: Rauch, Tung, Striebel 1965; discretisation of the Ornstein-Uhlenbeck process as usual.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

STATES = 6
_P, _V, _B = slice(0, 2), slice(2, 4), slice(4, 6)

_UNKNOWN_POSITION_M = 1e3
_UNKNOWN_SPEED_MPS = 25.0


@dataclass(frozen=True, slots=True)
class Motion:
    """How the car and the error of its receiver move.

    Attributes
    ----------
    acceleration
        Spectral density of the acceleration, m2/s3.
    drift_sd_m, drift_tau_s
        Standard deviation per axis and correlation time of the receiver's slow error.
    """

    acceleration: float
    drift_sd_m: float
    drift_tau_s: float

    def step(self, dt_s: float) -> tuple[Floats, Floats]:
        """Transition and process noise over a time step, (6, 6) each."""
        move, noise, eye = np.eye(STATES), np.zeros((STATES, STATES)), np.eye(2)
        stay = np.exp(-dt_s / self.drift_tau_s)
        move[_P, _V] = dt_s * eye
        move[_B, _B] = stay * eye
        noise[_P, _P] = self.acceleration * dt_s**3 / 3.0 * eye
        noise[_P, _V] = noise[_V, _P] = self.acceleration * dt_s**2 / 2.0 * eye
        noise[_V, _V] = self.acceleration * dt_s * eye
        noise[_B, _B] = self.drift_sd_m**2 * (1.0 - stay**2) * eye
        return move, noise


@dataclass(frozen=True, slots=True)
class Measurements:
    """What is known at each node.

    Attributes
    ----------
    t_s
        Strictly increasing times, (n,).
    xy
        Fixes, (n, 2); NaN where there is none.
    variance
        Variance per axis of the white part of each fix, (n,).
    normal, along_normal_m, normal_variance
        Optional knowledge that ``normal . position = along_normal_m``, from an axis that the car
        follows: (n, 2), (n,) and (n,); NaN where there is none.
    standing
        Whether the car is known to stand, (n,).
    """

    t_s: Floats
    xy: Floats
    variance: Floats
    normal: Floats
    along_normal_m: Floats
    normal_variance: Floats
    standing: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Estimate:
    """Smoothed states at the nodes.

    Attributes
    ----------
    mean
        Position, velocity, receiver error, (n, 6).
    covariance
        (n, 6, 6).
    rejected
        Fixes that the gate kept out, (n,).
    """

    mean: Floats
    covariance: Floats
    rejected: NDArray[np.bool_]


STANDING_SD_MPS = 0.05


def filter_and_smooth(
    seen: Measurements, motion: Motion, gate: float | None, lost_after_s: float = 8.0
) -> Estimate:
    """Run the filter forward and the smoother back.

    Parameters
    ----------
    seen
        Measurements in order of time.
    motion
        The model.
    gate
        Squared Mahalanobis distance beyond which a fix is kept out; None keeps all.
    lost_after_s
        After so long without an accepted fix although there are some, it is the filter that is
        wrong: it starts anew from the next fix.
    """
    count = len(seen.t_s)
    filtered = np.empty((count, STATES)), np.empty((count, STATES, STATES))
    predicted = np.empty((count, STATES)), np.empty((count, STATES, STATES))
    moves = np.empty((count, STATES, STATES))
    rejected = np.zeros(count, dtype=bool)
    steps: dict[float, tuple[Floats, Floats]] = {}
    has_fix = np.isfinite(seen.xy[:, 0])
    has_axis = np.isfinite(seen.along_normal_m)
    first = int(np.argmax(has_fix))
    mean = np.zeros(STATES)
    mean[_P] = seen.xy[first]
    cov = _diffuse(motion)
    reject_since = np.nan
    for k in range(count):
        dt = float(round(seen.t_s[k] - seen.t_s[k - 1], 6)) if k else 0.0
        if dt not in steps:
            steps[dt] = motion.step(dt)
        move, noise = steps[dt]
        mean = move @ mean
        cov = move @ cov @ move.T + noise
        if has_fix[k] and gate is not None and reject_since == reject_since:
            if seen.t_s[k] - reject_since > lost_after_s:
                mean = np.zeros(STATES)
                mean[_P] = seen.xy[k]
                cov, reject_since = _diffuse(motion), np.nan
        moves[k], predicted[0][k], predicted[1][k] = move, mean, cov
        if has_fix[k]:
            ok, mean, cov = _take_fix(mean, cov, seen.xy[k], float(seen.variance[k]), gate)
            rejected[k] = not ok
            if ok:
                reject_since = np.nan
            elif reject_since != reject_since:
                reject_since = float(seen.t_s[k])
        if has_axis[k]:
            row = np.zeros(STATES)
            row[_P] = seen.normal[k]
            variance = float(seen.normal_variance[k])
            mean, cov = _take_scalar(mean, cov, row, float(seen.along_normal_m[k]), variance)
        if seen.standing[k]:
            for axis in (2, 3):
                row = np.zeros(STATES)
                row[axis] = 1.0
                mean, cov = _take_scalar(mean, cov, row, 0.0, STANDING_SD_MPS**2)
        filtered[0][k], filtered[1][k] = mean, cov
    means, covs = _backward(filtered, predicted, moves)
    return Estimate(means, covs, rejected)


def _diffuse(motion: Motion) -> Floats:
    sd = [_UNKNOWN_POSITION_M] * 2 + [_UNKNOWN_SPEED_MPS] * 2 + [motion.drift_sd_m] * 2
    return np.diag(np.square(sd))


def _take_fix(
    mean: Floats, cov: Floats, fix: Floats, variance: float, gate: float | None
) -> tuple[bool, Floats, Floats]:
    """Update with a fix: position plus receiver error plus white noise."""
    cross = cov[:, _P] + cov[:, _B]
    spread = cross[_P] + cross[_B] + variance * np.eye(2)
    miss = fix - mean[_P] - mean[_B]
    inverse = np.linalg.inv(spread)
    if gate is not None and miss @ inverse @ miss > gate:
        return False, mean, cov
    gain = cross @ inverse
    cov = cov - gain @ cross.T
    return True, mean + gain @ miss, (cov + cov.T) / 2.0


def _take_scalar(
    mean: Floats, cov: Floats, row: Floats, value: float, variance: float
) -> tuple[Floats, Floats]:
    cross = cov @ row
    gain = cross / (row @ cross + variance)
    return mean + gain * (value - row @ mean), cov - np.outer(gain, cross)


def _backward(
    filtered: tuple[Floats, Floats], predicted: tuple[Floats, Floats], moves: Floats
) -> tuple[Floats, Floats]:
    means, covs = filtered[0].copy(), filtered[1].copy()
    # Gain = P_f F' P_p^-1, solved for all nodes at once.
    right = moves[1:] @ filtered[1][:-1]
    gains = np.swapaxes(np.linalg.solve(predicted[1][1:], right), 1, 2)
    for k in range(len(means) - 2, -1, -1):
        gain = gains[k]
        means[k] += gain @ (means[k + 1] - predicted[0][k + 1])
        covs[k] += gain @ (covs[k + 1] - predicted[1][k + 1]) @ gain.T
    return means, covs
