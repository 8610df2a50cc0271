"""A linear Kalman filter and its Rauch-Tung-Striebel smoother for a car seen by GPS.

The state is position, velocity, acceleration and the slow error of the receiver, two axes each.
Acceleration lasts some seconds (Singer's model); the receiver's error is a Gauss-Markov process,
so that fixes a second apart are not taken for independent witnesses of one place.

Source: Rauch, Tung, Striebel 1965; Singer 1970.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from voirie.arrays import Bools, Floats

STATES = 8
_P, _V, _A, _B = slice(0, 2), slice(2, 4), slice(4, 6), slice(6, 8)

_UNKNOWN_POSITION_M = 1e3
_UNKNOWN_SPEED_MPS = 25.0
_STANDING_SD_MPS = 0.2
# Velocity across a road that is followed: three times what one moment shows, because moments a
# second apart share the error of the drawing and of the place along it.
_SLIP_SD_MPS, _SLIP_SD_RAD = 0.6, 0.12


@dataclass(frozen=True, slots=True)
class Motion:
    """How the car and the error of its receiver move.

    Attributes
    ----------
    acceleration_sd_mps2, acceleration_tau_s
        Standard deviation per axis and correlation time of the acceleration.
    drift_sd_m, drift_tau_s
        Standard deviation per axis and correlation time of the receiver's slow error.
    """

    acceleration_sd_mps2: float
    acceleration_tau_s: float
    drift_sd_m: float
    drift_tau_s: float

    def step(self, dt_s: float) -> tuple[Floats, Floats]:
        """Transition and process noise over a time step, (8, 8) each."""
        move, noise = np.eye(STATES), np.zeros((STATES, STATES))
        turn, spread = _singer(dt_s, self.acceleration_tau_s)
        stay = np.exp(-dt_s / self.drift_tau_s)
        for axis in (0, 1):
            car = np.ix_([axis, 2 + axis, 4 + axis], [axis, 2 + axis, 4 + axis])
            move[car] = turn
            noise[car] = self.acceleration_sd_mps2**2 * spread
            move[6 + axis, 6 + axis] = stay
            noise[6 + axis, 6 + axis] = self.drift_sd_m**2 * (1.0 - stay**2)
        return move, noise


def _singer(dt_s: float, tau_s: float) -> tuple[Floats, Floats]:
    """Transition and noise of position, velocity, acceleration; unit variance of acceleration.

    Source: Singer 1970, equations 14 to 20 in the usual numbering.
    """
    u = dt_s / tau_s
    e = float(np.exp(-u))
    turn = np.array(
        [[1.0, dt_s, tau_s**2 * (u - 1.0 + e)], [0.0, 1.0, tau_s * (1.0 - e)], [0, 0, e]]
    )
    if u < 0.02:  # the closed form below loses all its digits
        t = dt_s
        spread = np.array(
            [
                [t**5 / 20.0, t**4 / 8.0, t**3 / 6.0],
                [t**4 / 8.0, t**3 / 3.0, t**2 / 2.0],
                [t**3 / 6.0, t**2 / 2.0, t],
            ]
        )
        return turn, spread * 2.0 / tau_s
    pp = 1.0 - e**2 + 2.0 * u + 2.0 * u**3 / 3.0 - 2.0 * u**2 - 4.0 * u * e
    pv = e**2 + 1.0 - 2.0 * e + 2.0 * u * e - 2.0 * u + u**2
    pa = 1.0 - e**2 - 2.0 * u * e
    vv = 4.0 * e - 3.0 - e**2 + 2.0 * u
    va = e**2 + 1.0 - 2.0 * e
    aa = 1.0 - e**2
    spread = np.array(
        [
            [pp * tau_s**4, pv * tau_s**3, pa * tau_s**2],
            [pv * tau_s**3, vv * tau_s**2, va * tau_s],
            [pa * tau_s**2, va * tau_s, aa],
        ]
    )
    return turn, spread


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
    normal, place, curvature, across_variance
        Optional knowledge of a road that is followed: unit vector across it, the point of the
        lane where it is taken, its curvature there (1/m, positive to the right), and the
        variance of the position across it: (n, 2), (n, 2), (n,), (n,); NaN where there is none.
    standing
        Whether the car is known to stand, (n,).
    """

    t_s: Floats
    xy: Floats
    variance: Floats
    normal: Floats
    place: Floats
    curvature: Floats
    across_variance: Floats
    standing: Bools


@dataclass(frozen=True, slots=True)
class Estimate:
    """Smoothed states at the nodes.

    Attributes
    ----------
    mean
        Position, velocity, acceleration, receiver error, (n, 8).
    covariance
        (n, 8, 8).
    """

    mean: Floats
    covariance: Floats


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
    steps: dict[float, tuple[Floats, Floats]] = {}
    has_fix = np.isfinite(seen.xy[:, 0])
    on_road = np.isfinite(seen.across_variance)
    first = int(np.argmax(has_fix))
    mean = np.zeros(STATES)
    mean[_P] = seen.xy[first]
    cov = _diffuse(motion)
    refused_since: float | None = None
    for k in range(count):
        dt = float(round(seen.t_s[k] - seen.t_s[k - 1], 6)) if k else 0.0
        if dt not in steps:
            steps[dt] = motion.step(dt)
        move, noise = steps[dt]
        mean = move @ mean
        cov = move @ cov @ move.T + noise
        if refused_since is not None and has_fix[k] and seen.t_s[k] - refused_since > lost_after_s:
            mean = np.zeros(STATES)
            mean[_P] = seen.xy[k]
            cov, refused_since = _diffuse(motion), None
        moves[k], predicted[0][k], predicted[1][k] = move, mean, cov
        if has_fix[k]:
            ok, mean, cov = _take_fix(mean, cov, seen.xy[k], float(seen.variance[k]), gate)
            if ok:
                refused_since = None
            elif refused_since is None:
                refused_since = float(seen.t_s[k])
        if on_road[k]:
            mean, cov = _take_road(
                mean, cov, seen.normal[k], seen.place[k],
                float(seen.curvature[k]), float(seen.across_variance[k]),
            )  # fmt: skip
        if seen.standing[k]:
            for axis in (2, 3):
                row = np.zeros(STATES)
                row[axis] = 1.0
                mean, cov = _take_scalar(mean, cov, row, 0.0, _STANDING_SD_MPS**2)
        filtered[0][k], filtered[1][k] = mean, cov
    means, covs = _backward(filtered, predicted, moves)
    return Estimate(means, covs)


def _diffuse(motion: Motion) -> Floats:
    sd = np.repeat(
        [
            _UNKNOWN_POSITION_M,
            _UNKNOWN_SPEED_MPS,
            motion.acceleration_sd_mps2,
            motion.drift_sd_m,
        ],
        2,
    )
    return np.diag(sd**2)


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


def _take_road(
    mean: Floats, cov: Floats, normal: Floats, place: Floats, curvature: float, variance: float
) -> tuple[Floats, Floats]:
    """Update with a road: the car lies across it in its lane and moves along it.

    In a bend the direction of the road depends on how far along the car is, so the second
    update speaks of the position too: it is what tells, in bends, how far along the car is.
    """
    row = np.zeros(STATES)
    row[_P] = normal
    mean, cov = _take_scalar(mean, cov, row, float(normal @ place), variance)
    along = np.array([-normal[1], normal[0]])
    speed = float(along @ mean[_V])
    row = np.zeros(STATES)
    row[_V], row[_P] = normal, -curvature * speed * along
    slip = (_SLIP_SD_RAD * speed) ** 2 + _SLIP_SD_MPS**2
    return _take_scalar(mean, cov, row, float(row[_P] @ place), slip)


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
