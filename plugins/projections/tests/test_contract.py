from kodkod.testing import contract_for

test_contract = contract_for(
    "kodkod_projections.plugin",
    params={
        "pacmap": {"steps": 20},
        "umap": {"epochs": 20},
        "tsne": {"early": 20, "steps": 10, "perplexity": 8.0},
    },
)
