"""S3 as its clients see it, and STS's one answer."""

import hashlib
import http.client
import os
import signal
import socket
import subprocess
import tempfile
import threading
import unittest
import unittest.mock
import uuid
from pathlib import Path

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError
from endpoint import Local, aws_program

MIB = 1 << 20
ROOT = "arn:aws:iam::123456789012:root"


def connect(local, service="s3", secret=None, url=None, **config):
    """A client; its answers are XML, which endpoint.py's check does not read."""
    environment = local.environment
    session = boto3.Session(
        environment["AWS_ACCESS_KEY_ID"], secret or environment["AWS_SECRET_ACCESS_KEY"], region_name=environment["AWS_DEFAULT_REGION"]
    )
    config = Config(retries={"total_max_attempts": 1}, **config)
    return session.client(service, endpoint_url=url or environment["AWS_ENDPOINT_URL"], config=config)


def highest_memory(local):
    """The most memory that fanout has had, in bytes."""
    status = Path(f"/proc/{local.process.pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


class ObjectsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.local = Local().start()
        cls.addClassCleanup(cls.local.__exit__)
        cls.s3 = connect(cls.local)

    def setUp(self):
        self.bucket = f"bucket-{uuid.uuid4()}"
        self.s3.create_bucket(Bucket=self.bucket)

    def put(self, *keys, body=b"x", **more):
        for key in keys:
            self.s3.put_object(Bucket=self.bucket, Key=key, Body=body, **more)

    def get(self, key, **more):
        return self.s3.get_object(Bucket=self.bucket, Key=key, **more)["Body"].read()

    def refused(self, call, /, status=None, **arguments):
        """The code of an error."""
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        response = caught.exception.response
        if status is not None:
            self.assertEqual(response["ResponseMetadata"]["HTTPStatusCode"], status)
        return response["Error"]["Code"]


class Objects(ObjectsTest):
    def test_an_object_with_all_that_is_said_of_it(self):
        said = {
            "ContentType": "application/json",
            "CacheControl": "no-store",
            "ContentDisposition": "attachment",
            "ContentEncoding": "identity",
            "ContentLanguage": "en",
            "Metadata": {"run": "4", "umlaut": "ae"},
        }
        put = self.s3.put_object(Bucket=self.bucket, Key="k", Body=b"[1, 2]", Tagging="a=b&c=d%26", **said)
        self.assertEqual(put["ETag"], '"{}"'.format(hashlib.md5(b"[1, 2]").hexdigest()))
        self.assertIn("ChecksumCRC32", put)
        got = self.s3.get_object(Bucket=self.bucket, Key="k")
        head = self.s3.head_object(Bucket=self.bucket, Key="k")
        for answer in (got, head):
            self.assertEqual({name: answer[name] for name in said}, said)
            self.assertEqual((answer["ETag"], answer["ContentLength"], answer["AcceptRanges"]), (put["ETag"], 6, "bytes"))
            self.assertTrue(answer["ResponseMetadata"]["RequestId"])
        self.assertEqual(got["LastModified"], head["LastModified"])
        self.assertEqual((got["Body"].read(), got["TagCount"]), (b"[1, 2]", 2))
        tags = self.s3.get_object_tagging(Bucket=self.bucket, Key="k")["TagSet"]
        self.assertEqual(tags, [{"Key": "a", "Value": "b"}, {"Key": "c", "Value": "d&"}])
        self.s3.put_object_tagging(Bucket=self.bucket, Key="k", Tagging={"TagSet": [{"Key": "e", "Value": "f"}]})
        self.assertEqual(self.s3.get_object_tagging(Bucket=self.bucket, Key="k")["TagSet"], [{"Key": "e", "Value": "f"}])
        self.assertEqual(self.get("k", ResponseContentType="text/plain"), b"[1, 2]")

    def test_parts_of_an_object(self):
        self.put("k", body=b"0123456789")
        for asked, range_, expected in [
            ("bytes=2-4", "bytes 2-4/10", b"234"),
            ("bytes=7-", "bytes 7-9/10", b"789"),
            ("bytes=-3", "bytes 7-9/10", b"789"),
            ("bytes=8-100", "bytes 8-9/10", b"89"),
        ]:
            got = self.s3.get_object(Bucket=self.bucket, Key="k", Range=asked)
            self.assertEqual((got["ContentRange"], got["Body"].read()), (range_, expected))
            self.assertEqual(got["ResponseMetadata"]["HTTPStatusCode"], 206)
        self.assertEqual(self.refused(self.s3.get_object, 416, Bucket=self.bucket, Key="k", Range="bytes=10-"), "InvalidRange")

    def test_conditions(self):
        self.put("k", body=b"first")
        head = self.s3.head_object(Bucket=self.bucket, Key="k")
        whole = {"Bucket": self.bucket, "Key": "k"}
        self.assertEqual(self.refused(self.s3.get_object, 304, IfNoneMatch=head["ETag"], **whole), "304")
        self.assertEqual(self.refused(self.s3.get_object, 304, IfModifiedSince=head["LastModified"], **whole), "304")
        self.assertEqual(self.refused(self.s3.get_object, 412, IfMatch='"x"', **whole), "PreconditionFailed")
        self.assertEqual(self.get("k", IfMatch=head["ETag"]), b"first")
        self.assertEqual(self.refused(self.s3.put_object, 412, IfNoneMatch="*", Body=b"second", **whole), "PreconditionFailed")
        self.assertEqual(self.refused(self.s3.put_object, 412, IfMatch='"x"', Body=b"second", **whole), "PreconditionFailed")
        self.s3.put_object(IfMatch=head["ETag"], Body=b"second", **whole)
        self.assertEqual(self.get("k"), b"second")

    def test_what_is_not_there(self):
        none = {"Bucket": self.bucket, "Key": "none"}
        nowhere = {"Bucket": "nowhere-at-all", "Key": "k"}
        self.put("k")
        for call, arguments, status, code in [
            (self.s3.get_object, none, 404, "NoSuchKey"),
            (self.s3.head_object, none, 404, "404"),
            (self.s3.copy_object, {"Bucket": self.bucket, "Key": "k", "CopySource": none}, 404, "NoSuchKey"),
            (self.s3.get_object, nowhere, 404, "NoSuchBucket"),
            (self.s3.put_object, nowhere, 404, "NoSuchBucket"),
            (self.s3.delete_object, nowhere, 404, "NoSuchBucket"),
            (self.s3.create_multipart_upload, nowhere, 404, "NoSuchBucket"),
            (self.s3.list_objects_v2, {"Bucket": "nowhere-at-all"}, 404, "NoSuchBucket"),
            (self.s3.head_bucket, {"Bucket": "nowhere-at-all"}, 404, "404"),
            (self.s3.delete_bucket, {"Bucket": "nowhere-at-all"}, 404, "NoSuchBucket"),
            (self.s3.delete_bucket, {"Bucket": self.bucket}, 409, "BucketNotEmpty"),
            (self.s3.abort_multipart_upload, {"Bucket": self.bucket, "Key": "k", "UploadId": "x"}, 404, "NoSuchUpload"),
            (self.s3.get_bucket_acl, {"Bucket": self.bucket}, 501, "NotImplemented"),
        ]:
            with self.subTest(call.__name__, **arguments):
                self.assertEqual(self.refused(call, status, **arguments), code)
        with self.assertRaises(self.s3.exceptions.NoSuchKey):
            self.s3.get_object(**none)

    def test_copies(self):
        self.put("k", body=b"bytes", ContentType="text/plain", Metadata={"a": "b"}, Tagging="t=1")
        source = {"Bucket": self.bucket, "Key": "k"}
        self.s3.copy_object(Bucket=self.bucket, Key="a copy/ü", CopySource=source)
        copy = self.s3.get_object(Bucket=self.bucket, Key="a copy/ü")
        self.assertEqual((copy["Body"].read(), copy["ContentType"], copy["Metadata"]), (b"bytes", "text/plain", {"a": "b"}))
        self.s3.copy_object(Bucket=self.bucket, Key="k", CopySource=source, MetadataDirective="REPLACE", Metadata={"c": "d"})
        self.assertEqual(self.s3.head_object(**source)["Metadata"], {"c": "d"})
        self.assertEqual(self.s3.get_object_tagging(**source)["TagSet"], [{"Key": "t", "Value": "1"}])
        self.assertEqual(self.refused(self.s3.copy_object, 400, Bucket=self.bucket, Key="k", CopySource=source), "InvalidRequest")
        self.s3.delete_object(**source)
        self.assertEqual(self.get("a copy/ü"), b"bytes")

    def test_deletions(self):
        self.put(*(f"k{number}" for number in range(20)))
        self.s3.delete_object(Bucket=self.bucket, Key="k0")
        self.s3.delete_object(Bucket=self.bucket, Key="never was")
        names = [{"Key": f"k{number}"} for number in range(10)]
        answer = self.s3.delete_objects(Bucket=self.bucket, Delete={"Objects": names})
        self.assertEqual([deleted["Key"] for deleted in answer["Deleted"]], [name["Key"] for name in names])
        quiet = self.s3.delete_objects(Bucket=self.bucket, Delete={"Objects": [{"Key": f"k{number}"} for number in range(10, 20)], "Quiet": True})
        self.assertNotIn("Deleted", quiet)
        self.assertEqual(self.s3.list_objects_v2(Bucket=self.bucket)["KeyCount"], 0)
        self.s3.delete_bucket(Bucket=self.bucket)
        self.assertEqual(self.refused(self.s3.get_object, 404, Bucket=self.bucket, Key="k0"), "NoSuchBucket")

    def test_every_key_is_an_object_of_its_own(self):
        keys = ["a", "a/b", "a/", "a//b", "/a", "../a", "a/../b", "a b+c", "ü/😀", "%2e", "k" * 1024, ".hidden", "a&<>\"'", "x=y?z#"]
        for key in keys:
            self.put(key, body=key.encode())
        for key in keys:
            self.assertEqual(self.get(key), key.encode())
        listed = self.s3.list_objects_v2(Bucket=self.bucket)["Contents"]
        self.assertEqual([object["Key"] for object in listed], sorted(keys, key=str.encode))
        self.assertEqual(self.refused(self.s3.put_object, 400, Bucket=self.bucket, Key="k" * 1025), "KeyTooLongError")


class Lists(ObjectsTest):
    def test_pages_with_a_prefix_and_a_delimiter(self):
        keys = [f"in/{letter}/{number}" for letter in "abc" for number in range(4)] + ["in/top", "out/x", "in/aa"]
        self.put(*keys)
        for size in (1, 2, 3, 1000):
            for operation in ("list_objects_v2", "list_objects"):
                pages = self.s3.get_paginator(operation).paginate(Bucket=self.bucket, PaginationConfig={"PageSize": size}, Prefix="in/")
                listed = [object["Key"] for page in pages for object in page.get("Contents", [])]
                self.assertEqual(listed, sorted(key for key in keys if key.startswith("in/")), (operation, size))
                pages = self.s3.get_paginator(operation).paginate(
                    Bucket=self.bucket, PaginationConfig={"PageSize": size}, Prefix="in/", Delimiter="/"
                )
                objects, prefixes = [], []
                for page in pages:
                    objects += [object["Key"] for object in page.get("Contents", [])]
                    prefixes += [prefix["Prefix"] for prefix in page.get("CommonPrefixes", [])]
                self.assertEqual((objects, prefixes), (["in/aa", "in/top"], ["in/a/", "in/b/", "in/c/"]), (operation, size))

    def test_what_a_list_says(self):
        self.put("k1", "k2", body=b"abc")
        page = self.s3.list_objects_v2(Bucket=self.bucket, StartAfter="k1")
        self.assertEqual((page["KeyCount"], page["IsTruncated"], page["Name"], page["StartAfter"]), (1, False, self.bucket, "k1"))
        (object,) = page["Contents"]
        head = self.s3.head_object(Bucket=self.bucket, Key="k2")
        expected = {"Key": "k2", "Size": 3, "StorageClass": "STANDARD", "ETag": head["ETag"], "LastModified": head["LastModified"]}
        self.assertEqual(object, expected)
        self.assertEqual(self.s3.list_objects_v2(Bucket=self.bucket, MaxKeys=0)["IsTruncated"], False)

    def test_buckets(self):
        elsewhere = f"elsewhere-{uuid.uuid4()}"
        self.s3.create_bucket(Bucket=elsewhere, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        self.s3.create_bucket(Bucket=self.bucket)
        names = [bucket["Name"] for bucket in self.s3.list_buckets()["Buckets"]]
        self.assertEqual(names, sorted(names))
        self.assertLessEqual({self.bucket, elsewhere}, set(names))
        self.assertEqual(self.s3.get_bucket_location(Bucket=elsewhere)["LocationConstraint"], "eu-west-1")
        self.assertIsNone(self.s3.get_bucket_location(Bucket=self.bucket)["LocationConstraint"])
        self.assertEqual(self.s3.head_bucket(Bucket=self.bucket)["BucketRegion"], "us-east-1")
        self.assertNotIn("Status", self.s3.get_bucket_versioning(Bucket=self.bucket))
        for name in ("UPPER", "ab", "a..b", "under_score"):
            with self.subTest(name):
                self.assertEqual(self.refused(self.s3.create_bucket, 400, Bucket=name), "InvalidBucketName")


class Uploads(ObjectsTest):
    def test_three_parts(self):
        names = {"Bucket": self.bucket, "Key": "big"}
        upload = self.s3.create_multipart_upload(ContentType="text/plain", Metadata={"a": "b"}, **names)["UploadId"]
        bodies = [b"a" * 5 * MIB, b"b" * 6 * MIB, b"end"]
        self.s3.upload_part(UploadId=upload, PartNumber=3, Body=b"replaced", **names)
        parts = []
        for number, body in enumerate(bodies, 1):
            etag = self.s3.upload_part(UploadId=upload, PartNumber=number, Body=body, **names)["ETag"]
            parts.append({"PartNumber": number, "ETag": etag})
        listed = self.s3.get_paginator("list_parts").paginate(UploadId=upload, PaginationConfig={"PageSize": 2}, **names)
        self.assertEqual([[part["Size"] for part in page["Parts"]] for page in listed], [[5 * MIB, 6 * MIB], [3]])
        uploads = self.s3.list_multipart_uploads(Bucket=self.bucket, Prefix="b")["Uploads"]
        self.assertEqual([(one["Key"], one["UploadId"]) for one in uploads], [("big", upload)])
        self.assertEqual(self.refused(self.s3.get_object, 404, **names), "NoSuchKey")
        complete = lambda parts: {"UploadId": upload, "MultipartUpload": {"Parts": parts}, **names}
        self.assertEqual(self.refused(self.s3.complete_multipart_upload, 400, **complete(parts[::-1])), "InvalidPartOrder")
        self.assertEqual(self.refused(self.s3.complete_multipart_upload, 400, **complete([parts[0] | {"ETag": '"x"'}])), "InvalidPart")
        self.assertEqual(self.refused(self.s3.complete_multipart_upload, 400, **complete([])), "MalformedXML")
        done = self.s3.complete_multipart_upload(**complete(parts))
        digest = hashlib.md5(b"".join(hashlib.md5(body).digest() for body in bodies)).hexdigest()
        self.assertEqual(done["ETag"], f'"{digest}-3"')
        got = self.s3.get_object(**names)
        self.assertEqual((got["ContentType"], got["Metadata"], got["ETag"]), ("text/plain", {"a": "b"}, done["ETag"]))
        self.assertEqual(got["Body"].read(), b"".join(bodies))
        second = self.s3.get_object(PartNumber=2, **names)
        self.assertEqual((second["PartsCount"], second["ContentLength"]), (3, 6 * MIB))
        self.assertEqual(second["Body"].read(), bodies[1])
        self.assertEqual(self.refused(self.s3.complete_multipart_upload, 404, **complete(parts)), "NoSuchUpload")

    def test_an_upload_that_is_given_up(self):
        names = {"Bucket": self.bucket, "Key": "k"}
        upload = self.s3.create_multipart_upload(**names)["UploadId"]
        self.s3.upload_part(UploadId=upload, PartNumber=1, Body=b"x", **names)
        self.s3.abort_multipart_upload(UploadId=upload, **names)
        self.assertEqual(self.refused(self.s3.upload_part, 404, UploadId=upload, PartNumber=1, Body=b"x", **names), "NoSuchUpload")
        self.assertNotIn("Uploads", self.s3.list_multipart_uploads(Bucket=self.bucket))

    def test_parts_copied_from_objects(self):
        self.put("source", body=b"0123456789")
        names = {"Bucket": self.bucket, "Key": "k"}
        upload = self.s3.create_multipart_upload(**names)["UploadId"]
        copy = dict(UploadId=upload, PartNumber=1, CopySource={"Bucket": self.bucket, "Key": "source"}, **names)
        self.assertEqual(self.refused(self.s3.upload_part_copy, 400, CopySourceRange="bytes=5-10", **copy), "InvalidArgument")
        etag = self.s3.upload_part_copy(CopySourceRange="bytes=5-9", **copy)["CopyPartResult"]["ETag"]
        self.s3.complete_multipart_upload(UploadId=upload, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": etag}]}, **names)
        self.assertEqual(self.get("k"), b"56789")

    def test_checksums_are_verified(self):
        for algorithm in ("CRC32", "SHA1", "SHA256"):
            put = self.s3.put_object(Bucket=self.bucket, Key="k", Body=b"good", ChecksumAlgorithm=algorithm)
            kept = self.s3.head_object(Bucket=self.bucket, Key="k", ChecksumMode="ENABLED")
            self.assertEqual(kept[f"Checksum{algorithm}"], put[f"Checksum{algorithm}"])
        for wrong in ({"ContentMD5": "AAAAAAAAAAAAAAAAAAAAAA=="}, {"ChecksumCRC32": "AAAAAA=="}, {"ChecksumSHA256": "A" * 43 + "="}):
            with self.subTest(**wrong):
                self.assertEqual(self.refused(self.s3.put_object, 400, Bucket=self.bucket, Key="k", Body=b"evil", **wrong), "BadDigest")
                self.assertEqual(self.get("k"), b"good")


class Large(unittest.TestCase):
    def test_large_objects_do_not_need_memory(self):
        """64 MiB at once and in parts, there and back."""
        body = bytes(range(256)) * (64 * MIB // 256)
        with Local() as local:
            s3 = connect(local)
            s3.create_bucket(Bucket="large")
            s3.put_object(Bucket="large", Key="small", Body=b"x")
            before = highest_memory(local)
            s3.put_object(Bucket="large", Key="k", Body=body)
            self.assertEqual(s3.get_object(Bucket="large", Key="k")["Body"].read(), body)
            with tempfile.TemporaryDirectory() as directory:
                sent, back = Path(directory, "sent"), Path(directory, "back")
                sent.write_bytes(body)
                transfer = TransferConfig(multipart_threshold=8 * MIB, multipart_chunksize=8 * MIB)
                s3.upload_file(str(sent), "large", "parts", Config=transfer)
                self.assertTrue(s3.head_object(Bucket="large", Key="parts")["ETag"].endswith('-8"'))
                s3.download_file("large", "parts", str(back), Config=transfer)
                self.assertEqual(back.read_bytes(), body)
            self.assertLess(highest_memory(local) - before, 40 * MIB)

    def test_an_upload_that_breaks_off_leaves_nothing(self):
        with tempfile.TemporaryDirectory() as directory, Local("--state-dir", directory) as local:
            s3 = connect(local)
            s3.create_bucket(Bucket="broken")
            url = s3.generate_presigned_url("put_object", Params={"Bucket": "broken", "Key": "k"})
            connection = http.client.HTTPConnection("127.0.0.1", local.port, timeout=10)
            connection.putrequest("PUT", url[url.index("/", 8) :])
            connection.putheader("Content-Length", str(8 * MIB))
            connection.endheaders(b"x" * MIB)
            connection.close()
            self.assertNotIn("Contents", s3.list_objects_v2(Bucket="broken"))
            s3.put_object(Bucket="broken", Key="k", Body=b"x")
            local.stop()
            self.assertEqual(len(list(Path(directory, "objects", "bodies").iterdir())), 1)


class Clients(ObjectsTest):
    def test_the_aws_cli_copies(self):
        with tempfile.TemporaryDirectory() as directory:
            there, back = Path(directory, "there"), Path(directory, "back")
            (there / "sub").mkdir(parents=True)
            (there / "a.txt").write_text("a")
            (there / "sub" / "big").write_bytes(b"0123456789abcdef" * MIB)
            self.cli("cp", "--recursive", str(there), f"s3://{self.bucket}/in")
            self.assertIn("sub/", self.cli("ls", f"s3://{self.bucket}/in/"))
            self.cli("cp", f"s3://{self.bucket}/in/a.txt", f"s3://{self.bucket}/copy.txt")
            self.assertEqual(self.get("copy.txt"), b"a")
            self.cli("sync", f"s3://{self.bucket}/in", str(back))
            self.assertEqual((back / "sub" / "big").read_bytes(), (there / "sub" / "big").read_bytes())
            self.cli("rb", "--force", f"s3://{self.bucket}")
            self.assertEqual(self.refused(self.s3.head_bucket, 404, Bucket=self.bucket), "404")

    def cli(self, *words):
        """What `aws s3` says, which is plain text whatever the output format."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        environment |= self.local.environment | {"AWS_PAGER": "", "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
        done = subprocess.run([aws_program(), "s3", *words], env=environment, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_who_the_caller_is(self):
        identity = connect(self.local, "sts").get_caller_identity()
        self.assertEqual((identity["Account"], identity["Arn"], identity["UserId"]), ("123456789012", ROOT, "123456789012"))
        self.assertEqual(self.local.aws("sts", "get-caller-identity")["Arn"], ROOT)
        refused = self.refused(connect(self.local, "sts").get_session_token, 400)
        self.assertEqual(refused, "InvalidAction")

    def test_buckets_in_the_host_name(self):
        def resolve(host, *more, resolve=socket.getaddrinfo):
            """Not every system knows that names below localhost are this machine."""
            return resolve("127.0.0.1" if host.endswith(".localhost") else host, *more)

        patch = unittest.mock.patch("socket.getaddrinfo", resolve)
        patch.start()
        self.addCleanup(patch.stop)
        url = f"http://localhost:{self.local.port}"
        by_host = connect(self.local, url=url, s3={"addressing_style": "virtual"})
        by_host.put_object(Bucket=self.bucket, Key="v1/submitjob", Body=b"by host")
        self.assertEqual(self.get("v1/submitjob"), b"by host")
        answer = by_host.delete_objects(Bucket=self.bucket, Delete={"Objects": [{"Key": "v1/submitjob"}]})
        self.assertEqual(len(answer["Deleted"]), 1)

    def test_urls_that_are_signed_beforehand(self):
        self.put("k", body=b"bytes")
        url = self.s3.generate_presigned_url("get_object", Params={"Bucket": self.bucket, "Key": "k"}, ExpiresIn=60)
        path = url[url.index("/", 8) :]
        for asked, status in [(path, 200), (path.replace("/k?", "/other?"), 403), (path.partition("?")[0], 403)]:
            connection = http.client.HTTPConnection("127.0.0.1", self.local.port, timeout=10)
            connection.request("GET", asked)
            answer = connection.getresponse()
            self.assertEqual(answer.status, status, asked)
            answer.read()
            connection.close()

    def test_only_the_right_keys(self):
        wrong = connect(self.local, secret="wrong")
        self.assertEqual(self.refused(wrong.list_buckets, 403), "SignatureDoesNotMatch")
        self.assertEqual(self.refused(wrong.put_object, 403, Bucket=self.bucket, Key="k", Body=b"x"), "SignatureDoesNotMatch")
        stranger = boto3.Session("STRANGER", "x", region_name="us-east-1").client("s3", endpoint_url=self.local.environment["AWS_ENDPOINT_URL"])
        self.assertEqual(self.refused(stranger.list_buckets, 403), "InvalidAccessKeyId")

    def test_many_at_once(self):
        failed = []

        def work(worker):
            try:
                s3 = connect(self.local)
                for number in range(25):
                    body = f"{worker}/{number}".encode() * 100
                    s3.put_object(Bucket=self.bucket, Key=f"{worker}/{number}", Body=body)
                    s3.put_object(Bucket=self.bucket, Key="same", Body=body)
                    same = s3.get_object(Bucket=self.bucket, Key="same")
                    assert '"{}"'.format(hashlib.md5(same["Body"].read()).hexdigest()) == same["ETag"]
            except Exception as error:
                failed.append(error)

        workers = [threading.Thread(target=work, args=(worker,)) for worker in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        self.assertEqual(failed, [])
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, PaginationConfig={"PageSize": 7})
        self.assertEqual(sum(page["KeyCount"] for page in pages), 101)


class Remembering(unittest.TestCase):
    def test_objects_survive_a_kill(self):
        with tempfile.TemporaryDirectory() as directory:
            with Local("--state-dir", directory) as local:
                s3 = connect(local)
                s3.create_bucket(Bucket="kept")
                for number in range(50):
                    s3.put_object(Bucket="kept", Key=f"k{number}", Body=str(number).encode(), Metadata={"n": str(number)})
                upload = s3.create_multipart_upload(Bucket="kept", Key="parts")["UploadId"]
                etag = s3.upload_part(Bucket="kept", Key="parts", UploadId=upload, PartNumber=1, Body=b"part")["ETag"]
                local.stop(signal.SIGKILL)
            with Local("--state-dir", directory) as local:
                s3 = connect(local)
                for number in range(50):
                    got = s3.get_object(Bucket="kept", Key=f"k{number}")
                    self.assertEqual((got["Body"].read(), got["Metadata"]), (str(number).encode(), {"n": str(number)}))
                parts = {"Parts": [{"PartNumber": 1, "ETag": etag}]}
                s3.complete_multipart_upload(Bucket="kept", Key="parts", UploadId=upload, MultipartUpload=parts)
                self.assertEqual(s3.get_object(Bucket="kept", Key="parts")["Body"].read(), b"part")
