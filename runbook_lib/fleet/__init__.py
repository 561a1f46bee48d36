"""Many clusters at once: each surveyed by a worker where its kubeconfig is, and one report of them all."""
