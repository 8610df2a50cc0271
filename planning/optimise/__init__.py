"""The optimum of one budget: columns priced by dynamic programming, a bound, a whole plan."""

from planning.optimise.optimise import Optimum, optimise

__all__ = ["Optimum", "optimise"]
