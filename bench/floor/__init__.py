"""The least that the same pages could cost: the same rows by the raw driver, the same words by string formatting, no
framework. `program:app` is served like the portal itself; bench/README.md says what it leaves out."""
