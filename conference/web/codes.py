"""QR codes as answers."""

import io

import segno
from starlette.responses import Response


def code_of(address: str, keep: str) -> Response:
    """An SVG, dark on light whatever surrounds it. `keep`: what caches may do with it."""
    drawn = io.BytesIO()
    segno.make_qr(address, error="m").save(drawn, kind="svg", xmldecl=False, omitsize=True, light="#fff", nl=False)
    return Response(drawn.getvalue(), media_type="image/svg+xml", headers={"Cache-Control": keep})
