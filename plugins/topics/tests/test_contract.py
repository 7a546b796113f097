from kodkod.testing import contract_for

test_contract = contract_for(
    "kodkod_topics.plugin",
    params={
        "bertopic": {"reducer": "pca", "min_size": 8},
        "topic-membership": {"topics": "found"},
    },
)
