"""One contract for every store: the same commands give the same answers in memory and on a real Valkey server.

The latter is used as the functions do: by a user who has no other rights than SECURITY.md says. So what judges the Lua
is the server.
"""

import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis import Redis

from cooldown.memory import MemoryStore
from cooldown.redis_store import RedisStore
from cooldown.store import Store, StoreUnavailable
from phone_verification.addresses import store_address
from tests.handlers import Clock
from tests.stores import store_settings, without_right

LIFETIME = 100
VALUES = (None, b'["claimed","a",1.5,null,[]]', b'["sent","b",2.5,"R",[2.5]]', b"\xff\x00\r\n$1\r\n")
KEYS = ("pv1:one", "pv1:two")
TOKENS = ("a", "b", "c")

Change = tuple[Any, ...]
CHANGES: st.SearchStrategy[Change] = st.one_of(
    st.tuples(st.just("replace"), st.sampled_from(KEYS), st.sampled_from(VALUES), st.sampled_from(VALUES)),
    st.tuples(st.just("take"), st.sampled_from(KEYS), st.sampled_from(TOKENS), st.integers(1, 3)),
    st.tuples(st.just("put_back"), st.sampled_from(KEYS), st.sampled_from(TOKENS)),
)


def valkey_store(server: Any) -> RedisStore:
    return RedisStore(store_address(store_settings(server)["COOLDOWN_STORE_URL"], plaintext=False))


@pytest.fixture(params=["memory", "Valkey"])
def store(request: pytest.FixtureRequest) -> Store:
    if request.param == "memory":
        clock = Clock()
        return MemoryStore(clock.now, clock.monotonic)
    return valkey_store(request.getfixturevalue("server"))


def keys_of(numbers: Iterator[int] = itertools.count()) -> str:  # noqa: B008 -- one for all examples
    """Return a beginning for keys that no example had before."""
    return f"pv1:{next(numbers)}:"


def apply(store: Store, change: Change, begins: str) -> bool | None:
    """Make a change, and return what the store says; values and sets have keys of their own."""
    match change:
        case "replace", key, old, new:
            return store.replace(f"{begins}value:{key}", old, new, LIFETIME)
        case "take", key, token, limit:
            return store.take(f"{begins}set:{key}", token, limit, LIFETIME)
        case "put_back", key, token:
            store.put_back(f"{begins}set:{key}", token)
    return None


def values_of(store: Store, begins: str) -> list[bytes | None]:
    return list(store.read([f"{begins}value:{key}" for key in KEYS]).values)


def sets_of(store: Store, begins: str) -> list[tuple[bool, ...]]:
    """Return which tokens are in each set: one that is there may be taken again however low the limit is."""
    return [tuple(store.take(f"{begins}set:{key}", token, 0, LIFETIME) for token in TOKENS) for key in KEYS]


# Fewer examples than elsewhere: each has up to fifty commands of a real server.
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(CHANGES, max_size=12))
def test_both_stores_answer_alike_and_no_change_does_harm_when_made_twice(server: Any, changes: list[Change]) -> None:
    clock = Clock()
    memory, valkey = MemoryStore(clock.now, clock.monotonic), valkey_store(server)
    once, twice = keys_of(), keys_of()
    for change in changes:
        said = apply(memory, change, once)
        assert apply(valkey, change, once) == said
        for store in (memory, valkey):
            assert apply(store, change, twice) == said
            again = apply(store, change, twice)
            assert again == said or change[0] == "replace"  # what it replaces is not there any more
        for begins in (once, twice):
            assert values_of(memory, begins) == values_of(valkey, begins) == values_of(memory, once)
    for begins in (once, twice):
        assert sets_of(memory, begins) == sets_of(valkey, begins) == sets_of(memory, once)


def test_a_value_is_replaced_only_by_who_knows_it(store: Store) -> None:
    assert not store.replace("pv1:k", b"old", b"new", LIFETIME)
    assert store.replace("pv1:k", None, b"old", LIFETIME)
    assert not store.replace("pv1:k", None, b"new", LIFETIME)
    assert store.replace("pv1:k", b"old", b"new", LIFETIME)
    assert store.read(["pv1:k", "pv1:other", "pv1:k"]).values == [b"new", None, b"new"]
    assert store.replace("pv1:k", b"new", None, LIFETIME)
    assert store.read(["pv1:k"]).values == [None]


def test_a_set_holds_as_many_tokens_as_the_limit(store: Store) -> None:
    assert [store.take("pv1:s", token, 2, LIFETIME) for token in ("a", "b", "c", "a")] == [True, True, False, True]
    store.put_back("pv1:s", "c")
    assert not store.take("pv1:s", "c", 2, LIFETIME)
    store.put_back("pv1:s", "a")
    assert store.take("pv1:s", "c", 2, LIFETIME)
    assert store.take("pv1:s", "a", 3, LIFETIME)


def test_what_many_threads_do_at_once_is_done_one_by_one(store: Store) -> None:
    with ThreadPoolExecutor(16) as threads:
        replaced = list(threads.map(lambda number: store.replace("pv1:k", None, b"%d" % number, LIFETIME), range(64)))
        taken = list(threads.map(lambda number: store.take("pv1:s", str(number), 5, LIFETIME), range(64)))
    assert replaced.count(True) == 1
    assert taken.count(True) == 5
    assert store.read(["pv1:k"]).values == [b"%d" % replaced.index(True)]


def test_the_time_goes_on(store: Store) -> None:
    before, after = store.read([]).now, store.read([]).now
    assert before <= after <= before + 60


def test_in_memory_everything_ends_with_its_lifetime() -> None:
    clock = Clock()
    store = MemoryStore(clock.now, clock.monotonic)
    store.replace("pv1:k", None, b"value", LIFETIME)
    store.take("pv1:s", "a", 1, LIFETIME)
    clock.time += LIFETIME - 1
    assert store.read(["pv1:k"]).values == [b"value"]
    assert not store.take("pv1:s", "b", 1, LIFETIME)
    clock.time += 1
    assert store.read(["pv1:k"]).values == [None]
    assert store.replace("pv1:k", None, b"other", LIFETIME)
    assert store.take("pv1:s", "b", 1, LIFETIME)


def test_on_a_server_everything_ends_with_its_lifetime(server: Any, admin: Redis) -> None:
    store = valkey_store(server)
    store.replace("pv1:k", None, b"value", 10)
    store.replace("pv1:k", b"value", b"value", LIFETIME)
    store.take("pv1:s", "a", 1, 10)
    store.take("pv1:s", "a", 1, LIFETIME)
    for key in ("pv1:k", "pv1:s"):
        assert LIFETIME - 5 <= admin.ttl(key) <= LIFETIME


def test_in_memory_what_was_changed_longest_ago_goes_first() -> None:
    clock = Clock()
    store = MemoryStore(clock.now, clock.monotonic, max_entries=2)
    for key in ("pv1:a", "pv1:b"):
        store.replace(key, None, b"1", LIFETIME)
    store.replace("pv1:a", b"1", b"2", LIFETIME)
    store.replace("pv1:c", None, b"1", LIFETIME)
    assert store.read(["pv1:a", "pv1:b", "pv1:c"]).values == [b"2", None, b"1"]


CALLS: dict[str, Callable[[Store], object]] = {
    "get": lambda store: store.read(["pv1:k"]),
    "time": lambda store: store.read([]),
    "set": lambda store: store.replace("pv1:k", None, b"1", LIFETIME),
    "del": lambda store: store.replace("pv1:k", b"0", None, LIFETIME),
    "eval": lambda store: store.replace("pv1:k", None, b"1", LIFETIME),
    "sismember": lambda store: store.take("pv1:s", "a", 1, LIFETIME),
    "scard": lambda store: store.take("pv1:s", "a", 1, LIFETIME),
    "sadd": lambda store: store.take("pv1:s", "a", 1, LIFETIME),
    "expire": lambda store: store.take("pv1:s", "a", 1, LIFETIME),
    "srem": lambda store: store.put_back("pv1:s", "a"),
}


@pytest.mark.parametrize("right", CALLS)
def test_the_stores_user_needs_each_of_its_rights(server: Any, admin: Redis, right: str) -> None:
    store = valkey_store(server)
    if right == "del":
        admin.set("pv1:k", b"0")
    with without_right(server, right), pytest.raises(StoreUnavailable, match="NoPermissionError"):
        CALLS[right](store)
    CALLS[right](store)
