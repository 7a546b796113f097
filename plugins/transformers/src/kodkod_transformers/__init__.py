"""Fine-tuned encoders and decoders."""
