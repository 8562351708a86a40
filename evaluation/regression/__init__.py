"""The regression gate: no change may make figures on a small fixed slice fall by more than their interval."""
