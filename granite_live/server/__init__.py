"""The local HTTP service: an OpenAI-shaped transcription API, and live events.

It needs the extra `granite-live[server]`: Starlette, uvicorn, websockets and python-multipart.
"""
