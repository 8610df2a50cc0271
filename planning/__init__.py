"""Plans: ageing, sequences of works, budgets, the optimum and its proof.

It works on a hand-made table of sections: no picture, no detector, no network needed.
"""
