# Writes scipy-windows.json: [name, length, periodic, scipy.signal.get_window(name, length, periodic)] of every window without parameters.
# Run with scipy 1.17.1: python scipy-windows.py > scipy-windows.json
import json

from scipy.signal import get_window

NAMES = ["boxcar", "triang", "bartlett", "hann", "hamming", "blackman", "nuttall", "blackmanharris", "flattop", "parzen", "bohman", "barthann",
         "cosine", "exponential", "tukey", "taylor", "lanczos"]
rows = [(name, length, periodic) for name in NAMES for length in (2, 5, 8) for periodic in (False, True)]
rows += [("hann_periodic", 4, False), ("hann_symmetric", 4, True), ("poisson", 3, False), ("bkh", 3, True)]
print("[\n" + ",\n".join(json.dumps([*row, get_window(*row).tolist()]) for row in rows) + "\n]")
