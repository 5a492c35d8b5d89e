"""The smallest picture and the smallest sound there are."""

import base64

# One red pixel.
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC")
# A RIFF header of eight thousand samples a second, and no sample.
WAV = bytes.fromhex(
    "52494646 24000000 57415645 666d7420 10000000 0100 0100401f0000 401f0000 0100 0800 64617461 00000000"
)
