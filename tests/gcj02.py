"""Where Chinese maps would draw a place: the way into GCJ-02, which the service itself never goes."""

from chalicelib.domain.position import Point, _gcj02_shift, _shifted_region


def wgs84_to_gcj02(lat: float, lng: float) -> Point:
    """Turn a WGS-84 place into GCJ-02 by the published formula; outside China nothing changes."""
    if not _shifted_region(lat, lng):
        return Point(lat=lat, lng=lng)
    shift_lat, shift_lng = _gcj02_shift(lat, lng)
    return Point(lat=lat + shift_lat, lng=lng + shift_lng)
