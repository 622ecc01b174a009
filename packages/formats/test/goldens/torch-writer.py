# Reads the file that test/torch-writer.test.ts writes, with PyTorch 2.13.0, and prints what it holds as JSON.
# Run: FANIN_KEEP=w.pt npx vitest run test/torch-writer.test.ts, then python torch-writer.py ../../w.pt > torch-writer.json
import hashlib
import json
import sys

import torch

found = {}
for mmap in (False, True):
    state = torch.load(sys.argv[1], weights_only=True, mmap=mmap)
    tensors = {
        name: {
            "shape": list(tensor.shape),
            "dtype": str(tensor.dtype).removeprefix("torch."),
            "sha256": hashlib.sha256(tensor.contiguous().view(-1).view(torch.uint8).numpy().tobytes() if tensor.numel() else b"").hexdigest(),
        }
        for name, tensor in state.items()
    }
    assert not found or found == tensors
    found = tensors
with open(sys.argv[1], "rb") as file:
    sha256 = hashlib.sha256(file.read()).hexdigest()
print(json.dumps({"torch": torch.__version__.split("+")[0], "sha256": sha256, "tensors": found}, indent=1, ensure_ascii=False))
