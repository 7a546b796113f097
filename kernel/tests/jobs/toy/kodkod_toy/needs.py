"""What toys need of a graphics card; the worker calls this."""


def wait_mb(params):
    return params.need_mb
