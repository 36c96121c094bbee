"""A model's files: its card, its ONNX sessions."""
