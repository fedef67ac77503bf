"""An AWS on this computer: moto behind one door, in a process of its own, with a clock that can be moved."""
