"""Checking what arrives in the intake bucket: each version once, and places that nobody used are given on."""

import json
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.adapters import incidents, uploads
from chalicelib.adapters.media import intake_key, view_url
from chalicelib.domain.incident import Incident, Mode
from chalicelib.domain.media import MediaKind
from chalicelib.domain.refusals import KeyReused, MediaLimitReached
from chalicelib.domain.upload import Media, MediaState
from chalicelib.settings import settings
from chalicelib.workflows.add_to_report import FileToCome, Upload, ask_upload
from chalicelib.workflows.check_media import check_media
from chalicelib.workflows.file_report import file_report
from infra.local.watch import running
from tests.desk import JSON
from tests.machine import Machine, eventually
from tests.media import File, picture, send, video

NOW = datetime.now(UTC)
FORM_LIFE = timedelta(seconds=settings().upload_life_seconds)
LATER = NOW + FORM_LIFE + uploads.SENDING + timedelta(minutes=1)
MUCH_LATER = LATER + FORM_LIFE + uploads.SENDING + timedelta(minutes=1)

pytestmark = pytest.mark.usefixtures("noted")


@pytest.fixture
def filed() -> Incident:
    """A report of a citizen whom no other test knows."""
    return file_report(uuid.uuid4().hex, b"{}", mode=Mode.PHOTO_TEXT, key=None, now=NOW)


@pytest.fixture
def quiet(machine: Machine) -> Iterator[Any]:
    """The intake bucket with nobody told of what arrives, so that the test itself has it checked."""
    s3, bucket = machine.client("s3"), machine.outputs()["IntakeBucket"]
    told = s3.get_bucket_notification_configuration(Bucket=bucket)
    told.pop("ResponseMetadata")
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={})
    yield s3
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration=told)


def ask(filed: Incident, file: File, *, key: str | None = None, now: datetime = NOW) -> Upload:
    wanted = FileToCome(**{**file.announced, "kind": MediaKind(file.kind)})
    return ask_upload(filed.citizen_id, filed.id, wanted, key=key, now=now)


def fill(filed: Incident, *, now: datetime = NOW) -> list[Media]:
    """Take all nine places."""
    return [ask(filed, picture(seed=seed), key=f"{now}-{seed}", now=now).media for seed in range(9)]


def store(s3: Any, media: Media, content: bytes) -> str:
    """Put bytes where the file goes; the version."""
    put = s3.put_object(
        Bucket=settings().intake_bucket, Key=intake_key(media.incident_id, media.media_id), Body=content
    )
    return str(put["VersionId"])


def check(media: Media, version: str, *, now: datetime = NOW) -> Media:
    """Have one version checked; the file as it stands then."""
    with running("object_stored"):
        check_media(intake_key(media.incident_id, media.media_id), version, now=now)
    return uploads.get(media.incident_id, media.media_id)


def told(filed: Incident) -> list[tuple[str, Any]]:
    """The entries after the first: their kinds and reasons."""
    entries = [written.entry for written in incidents.read(filed.id).entries]
    return [(entry.kind, entry.details.get("reason")) for entry in entries[1:] if "media" in entry.kind]


def states(filed: Incident) -> dict[str, int]:
    """How many files stand in which state."""
    found = [media.state for media in incidents.read(filed.id).media]
    return {state: found.count(state) for state in set(found)}


# The check


def test_a_redelivered_event_changes_nothing(filed: Incident, quiet: Any) -> None:
    media = ask(filed, picture()).media
    version = store(quiet, media, picture().content)
    accepted = check(media, version)
    assert accepted.state is MediaState.ACCEPTED
    assert check(media, version, now=LATER) == accepted
    assert told(filed) == [("media.accepted", None)]
    assert incidents.get(filed.id).photos == 1


def test_two_checks_of_one_version_at_once_are_one(filed: Incident, quiet: Any) -> None:
    media = ask(filed, picture()).media
    version = store(quiet, media, picture().content)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: check(media, version), range(4)))
    assert told(filed) == [("media.accepted", None)]
    assert incidents.get(filed.id).photos == 1


def test_a_replaced_version_is_told_once_and_the_accepted_one_stays_shown(
    filed: Incident, quiet: Any
) -> None:
    media = ask(filed, picture()).media
    first, second = (store(quiet, media, content) for content in (picture().content, b"other"))
    accepted = check(media, first)
    for _ in range(2):
        after = check(media, second)
    third = check(media, store(quiet, media, b"third"))
    assert (third.state, third.evidence_version) == (MediaState.ACCEPTED, accepted.evidence_version)
    assert after.checked_version == first
    assert told(filed) == [("media.accepted", None), ("media.refused", "replaced")]
    assert str(accepted.evidence_version) in (view_url(third) or "")


def test_the_version_that_is_told_of_is_the_one_checked_and_kept(filed: Incident, quiet: Any) -> None:
    """Also when another stands in its place by then."""
    media = ask(filed, picture()).media
    good = store(quiet, media, picture().content)
    store(quiet, media, b"x" * len(picture().content))
    accepted = check(media, good)
    kept = quiet.get_object(
        Bucket=settings().evidence_bucket,
        Key=f"media/{media.incident_id}/{media.media_id}",
        VersionId=accepted.evidence_version,
    )
    assert kept["Body"].read() == picture().content
    assert kept["ContentType"] == "image/jpeg"


def test_a_bad_version_first_is_refused_for_good(filed: Incident, quiet: Any) -> None:
    media = ask(filed, picture()).media
    bad, good = (store(quiet, media, content) for content in (b"bad", picture().content))
    assert check(media, bad).refused_because == "size-differs"
    refused = check(media, good)
    assert (refused.state, refused.evidence_version) == (MediaState.REFUSED, None)
    assert view_url(refused) is None


def test_of_two_versions_checked_at_once_one_counts_and_the_other_is_told(
    filed: Incident, quiet: Any
) -> None:
    media = ask(filed, picture()).media
    versions = [store(quiet, media, picture().content) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda version: check(media, version), versions))
    assert sorted(told(filed), key=str) == [("media.accepted", None), ("media.refused", "replaced")]
    assert incidents.get(filed.id).photos == 1


@pytest.mark.parametrize(
    "key", ["stray.jpg", "intake/one", "intake/one/two/three", f"intake/{'a' * 26}/{'b' * 26}", "intake//"]
)
def test_what_nobody_asked_for_is_left_alone(key: str) -> None:
    check_media(key, "version", now=NOW)


def test_s3s_own_test_event_and_odd_keys_do_no_harm() -> None:
    from chalicelib.triggers.stored_objects import object_stored

    odd = {"eventName": "ObjectCreated:Post", "s3": {"object": {"key": "a+b%20c%E8", "versionId": "1"}}}
    bare = {"eventName": "ObjectCreated:Post", "s3": {"object": {"key": "intake/a/b"}}}
    bodies: list[JSON] = [{"Event": "s3:TestEvent"}, {"Records": []}, {"Records": [odd, bare]}]
    for body in bodies:
        message = {"body": json.dumps(body), "receiptHandle": "1", "messageId": "1"}
        object_stored({"Records": [message]}, None)


def test_the_store_refuses_a_form_that_has_expired(filed: Incident, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPLOAD_LIFE_SECONDS", "1")
    settings.cache_clear()
    upload = ask(filed, picture(), now=datetime.now(UTC))
    form = {"url": upload.form.url, "fields": upload.form.fields}
    try:
        assert send(form, picture().content).status_code == 201
        assert eventually(lambda: send(form, picture().content).status_code == 403)
    finally:
        monkeypatch.undo()
        settings.cache_clear()


# Places that were taken and never used


def test_while_the_forms_may_still_be_used_no_place_is_given_on(filed: Incident) -> None:
    fill(filed)
    still = NOW + FORM_LIFE + uploads.SENDING - timedelta(seconds=1)
    for now in (NOW, still):
        with pytest.raises(MediaLimitReached):
            ask(filed, picture(seed=20), now=now)
    assert states(filed) == {"awaiting": 9}


def test_places_whose_forms_expired_unused_are_given_on_one_by_one(filed: Incident) -> None:
    fill(filed)
    for seed in range(20, 29):
        ask(filed, picture(seed=seed), now=LATER)
    assert states(filed) == {"lapsed": 9, "awaiting": 9}
    with pytest.raises(MediaLimitReached):
        ask(filed, picture(seed=29), now=LATER)


def test_videos_and_photos_do_not_take_each_others_places(filed: Incident) -> None:
    fill(filed)
    for seed in range(3):
        ask(filed, video(seed=seed), now=LATER)
    with pytest.raises(MediaLimitReached):
        ask(filed, video(seed=3), now=LATER)
    assert states(filed) == {"awaiting": 12}


def test_a_place_whose_file_is_stored_and_not_yet_checked_is_kept(filed: Incident, quiet: Any) -> None:
    media = fill(filed)
    versions = [store(quiet, one, picture(seed=seed).content) for seed, one in enumerate(media) if seed != 4]
    ask(filed, picture(seed=20), now=LATER)
    with pytest.raises(MediaLimitReached):
        ask(filed, picture(seed=21), now=LATER)
    assert uploads.get(filed.id, media[4].media_id).state is MediaState.LAPSED
    assert check(media[0], versions[0], now=LATER).state is MediaState.ACCEPTED


def test_of_twenty_who_want_nine_lapsed_places_at_once_nine_get_one(filed: Incident) -> None:
    fill(filed)

    def outcome(seed: int) -> bool:
        try:
            ask(filed, picture(seed=seed), now=LATER)
        except MediaLimitReached:
            return False
        return True

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(outcome, range(20, 40))) == 9
    assert states(filed) == {"lapsed": 9, "awaiting": 9}


def test_one_key_at_once_takes_one_lapsed_place(filed: Incident) -> None:
    fill(filed)
    with ThreadPoolExecutor(10) as pool:
        asked = list(
            pool.map(lambda _: ask(filed, picture(seed=20), key="one", now=LATER).media.media_id, range(10))
        )
    assert len(set(asked)) == 1
    assert states(filed) == {"lapsed": 1, "awaiting": 9}
    with pytest.raises(KeyReused):
        ask(filed, picture(seed=21), key="one", now=LATER)


def test_a_form_that_was_asked_for_again_counts_from_then(filed: Incident) -> None:
    fill(filed)
    halfway = NOW + FORM_LIFE
    for seed in range(9):
        ask(filed, picture(seed=seed), key=f"{NOW}-{seed}", now=halfway)
    with pytest.raises(MediaLimitReached):
        ask(filed, picture(seed=20), now=LATER)
    ask(filed, picture(seed=20), now=halfway + (LATER - NOW))


def test_who_comes_back_to_a_lapsed_place_gets_another_while_there_is_one(filed: Incident) -> None:
    first = fill(filed)
    second = [ask(filed, picture(seed=seed), now=LATER).media for seed in range(20, 29)]
    with pytest.raises(MediaLimitReached):
        ask(filed, picture(seed=0), key=f"{NOW}-0", now=LATER)
    back = ask(filed, picture(seed=0), key=f"{NOW}-0", now=MUCH_LATER).media
    assert (back.media_id, back.state) == (first[0].media_id, MediaState.AWAITING)
    assert states(filed) == {"lapsed": 9, "awaiting": 9}
    assert sum(uploads.get(filed.id, one.media_id).state is MediaState.LAPSED for one in second) == 1


def test_a_file_that_comes_after_its_place_went_is_refused_and_told(filed: Incident, quiet: Any) -> None:
    late = fill(filed)[0]
    for seed in range(20, 29):
        ask(filed, picture(seed=seed), now=LATER)
    refused = check(late, store(quiet, late, picture(seed=0).content), now=LATER)
    assert (refused.state, refused.refused_because) == (MediaState.REFUSED, "came-too-late")
    assert view_url(refused) is None
    assert told(filed) == [("media.refused", "came-too-late")]
    with pytest.raises(MediaLimitReached):
        ask(filed, picture(seed=29), now=LATER)


def test_a_file_that_comes_late_is_taken_while_there_is_a_place(filed: Incident, quiet: Any) -> None:
    late = fill(filed)[0]
    new = [ask(filed, picture(seed=seed), now=LATER).media for seed in range(20, 29)]
    check(new[0], store(quiet, new[0], b"not a picture"), now=LATER)
    accepted = check(late, store(quiet, late, picture(seed=0).content), now=LATER)
    assert accepted.state is MediaState.ACCEPTED
    assert incidents.get(filed.id).photos == 1
    with pytest.raises(MediaLimitReached):
        ask(filed, picture(seed=29), now=LATER)


def test_a_file_that_comes_very_late_takes_the_place_of_one_that_never_came(
    filed: Incident, quiet: Any
) -> None:
    late = fill(filed)[0]
    for seed in range(20, 29):
        ask(filed, picture(seed=seed), now=LATER)
    accepted = check(late, store(quiet, late, picture(seed=0).content), now=MUCH_LATER)
    assert accepted.state is MediaState.ACCEPTED
    assert states(filed) == {"accepted": 1, "lapsed": 9, "awaiting": 8}
