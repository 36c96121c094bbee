"""Pack the WebAssembly of onnxruntime-web beside the built page: `python pack_runtime.py [FOLDER]`, ../page as usual.

Raw it has 14 MB; `handsynth studio --static` unpacks it. The same file gives the same bytes (one version of liblzma).
"""

import lzma
import sys
from pathlib import Path

HERE = Path(__file__).parent
RAW = HERE / "node_modules" / "onnxruntime-web" / "dist" / "ort-wasm-simd-threaded.wasm"
FILTERS = [
    # LZMA's filter for x86 code does not help WebAssembly; a dictionary larger than the file does
    {"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "dict_size": 1 << 24},
]

folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parent / "page"
packed = lzma.compress(RAW.read_bytes(), format=lzma.FORMAT_XZ, check=lzma.CHECK_CRC32, filters=FILTERS)
(folder / "ort.wasm.xz").write_bytes(packed)
print(f"{folder / 'ort.wasm.xz'}: {len(packed):,} bytes")
