"""What the speed claims are measured with; `bench/README.md` says how to read the figures."""
