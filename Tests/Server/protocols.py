"""Clients that exist, with their defaults, against the server: the bits of `swiftlet run` and the answers of `swiftlet classify`."""
import base64
import json
import subprocess
from pathlib import Path

import numpy
import tritonclient.http as triton
from tritonclient.utils import InferenceServerException

from running_server import SWIFTLET, RunningServer


def triton_gives_the_same_bits(server: RunningServer, model: Path, folder: Path) -> None:
    random = numpy.random.default_rng(3)
    pictures = random.standard_normal((3, 3, 224, 224)).astype(numpy.float32)
    numpy.save(folder / "x.npy", pictures)
    subprocess.run([SWIFTLET, "run", model, "--input", folder / "x.npy", "--output", folder / "y.npy"], check=True)
    expected = numpy.load(folder / "y.npy")
    client = triton.InferenceServerClient(f"127.0.0.1:{server.port}")
    assert client.is_server_live() and client.is_server_ready() and client.is_model_ready(model.stem)
    assert client.get_server_metadata()["extensions"] == ["binary_tensor_data"]
    metadata = client.get_model_metadata(model.stem)
    output = metadata["outputs"][0]["name"]
    ways = (None, [triton.InferRequestedOutput(output)], [triton.InferRequestedOutput(output, binary_data=False)])
    # Numbers in JSON take their time, most of it the client's.
    for count, is_binary, version, outputs in [(3, True, version, way) for version in ("", "1") for way in ways] + [(1, False, "", None)]:
        given = triton.InferInput(metadata["inputs"][0]["name"], [count, 3, 224, 224], "FP32")
        given.set_data_from_numpy(pictures[:count], binary_data=is_binary)
        result = client.infer(model.stem, [given], outputs=outputs, model_version=version, request_id="a").as_numpy(output)
        assert result.dtype == numpy.float32 and result.shape == (count, *expected.shape[1:])
        assert (result.view(numpy.int32) == expected[:count].view(numpy.int32)).all()


def triton_is_told_what_is_wrong(server: RunningServer, model: Path) -> None:
    client = triton.InferenceServerClient(f"127.0.0.1:{server.port}")
    name = client.get_model_metadata(model.stem)["inputs"][0]["name"]

    def fails(status: str, word: str, asked: str, input_name: str, shape: list[int], datatype: str) -> None:
        given = triton.InferInput(input_name, shape, datatype)
        given.set_data_from_numpy(numpy.zeros(shape, dtype=numpy.float64 if datatype == "FP64" else numpy.float32))
        try:
            client.infer(asked, [given])
        except InferenceServerException as error:
            assert error.status() == status and word in error.message(), error
        else:
            raise AssertionError(f"{word} is no error")

    fails("404", "no model is called", "other", name, [1, 3, 224, 224], "FP32")
    fails("400", "unexpected input", model.stem, "other", [1, 3, 224, 224], "FP32")
    fails("400", "datatype", model.stem, name, [1, 3, 224, 224], "FP64")
    fails("400", "shape", model.stem, name, [1, 3, 224, 223], "FP32")
    assert not client.is_model_ready("other") and not client.is_model_ready(model.stem, "2")


def triton_sends_files(server: RunningServer, model: Path, picture: Path) -> None:
    """Encoded pictures as BYTES give what the form for files gives."""
    client = triton.InferenceServerClient(f"127.0.0.1:{server.port}")
    metadata = client.get_model_metadata(model.stem)
    given = triton.InferInput(metadata["inputs"][0]["name"], [1], "BYTES")
    given.set_data_from_numpy(numpy.array([picture.read_bytes()], dtype=object))
    values = client.infer(model.stem, [given]).as_numpy(metadata["outputs"][0]["name"])[0]
    _, _, answer = server.request("/v1/classify?top=1", picture.read_bytes())
    assert int(values.argmax()) == json.loads(answer)["results"][0]["predictions"][0]["class"]


def curl_gives_what_classify_gives(server: RunningServer, model: Path, picture: Path) -> None:
    printed = subprocess.run([SWIFTLET, "classify", model, picture, "--json"], check=True, capture_output=True, text=True).stdout
    expected = json.loads(printed)[0]["results"]
    in_json = json.dumps({"image": base64.b64encode(picture.read_bytes()).decode()})
    for options in (["--data-binary", f"@{picture}"], ["-F", f"picture=@{picture}"], ["--json", in_json]):
        command = ["curl", "-sS", "--fail", *options, f"{server.url}/v1/classify?model={model.stem}"]
        answer = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        predictions = answer["results"][0]["predictions"]
        assert [guess["label"] for guess in predictions] == [guess["label"] for guess in expected]
        # classify prints fewer digits
        assert all(abs(a["probability"] - b["probability"]) < 1e-6 for a, b in zip(predictions, expected))


def paddle_clients_move_by_a_url(server: RunningServer, model: Path, picture: Path) -> None:
    """As PaddleClas' pipeline_http_client.py does it, which names no content type."""
    data = json.dumps({"key": ["image"], "value": [base64.b64encode(picture.read_bytes()).decode("utf8")]}).encode()
    _, _, plain = server.request(f"/v1/classify?top=1&model={model.stem}", picture.read_bytes())
    best = json.loads(plain)["results"][0]["predictions"][0]
    for path in (f"/{model.stem}/prediction", f"/v1/classify?model={model.stem}"):
        status, _, body = server.request(path, data)
        answer = json.loads(body)
        assert status == 200 and answer["err_no"] == 0 and answer["key"] == ["label", "prob"]
        # The client's reader: lists as Python prints them.
        assert eval(answer["value"][0], {}) == [best["label"].replace(",", "")]
        assert abs(eval(answer["value"][1], {})[0] - best["probability"]) < 1e-6
