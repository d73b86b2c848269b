"""What a run is, in plain Python: no AWS here, and no file or table.

A run is asked for with a `config`, whose `refusals` say what is allowed and whose `limits` say what fits. `composition`
makes the algorithm, the fitness and the first populations from it. An island's `progress` through an epoch ends in
`records`, from which `epoch` decides whether the run continues. The best input is compared with its `baselines`;
`results` holds what is left of a run. `errors` has one class per thing that can go wrong.
"""
