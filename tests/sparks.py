"""Real Spark with Delta, brought by Maven's own client, in one process that carries out orders.

As a program this file is that process: a JSON order a line, a JSON answer a line.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SPARK, DELTA, HADOOP, AWS_SDK = "4.0.1", "4.0.0", "3.4.1", "2.36.2"
SCALA = "2.13"

# Without what Spark has in versions of its own.
POM = f"""
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>cdalake</groupId><artifactId>spark</artifactId><version>1</version>
  <packaging>pom</packaging>
  <dependencyManagement><dependencies><dependency>
    <groupId>software.amazon.awssdk</groupId><artifactId>bom</artifactId>
    <version>{AWS_SDK}</version><type>pom</type><scope>import</scope>
  </dependency></dependencies></dependencyManagement>
  <dependencies>
    <dependency>
      <groupId>io.delta</groupId><artifactId>delta-spark_{SCALA}</artifactId>
      <version>{DELTA}</version>
      <exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>
    </dependency>
    <dependency>
      <groupId>io.delta</groupId><artifactId>delta-storage</artifactId><version>{DELTA}</version>
    </dependency>
    <dependency>
      <groupId>org.apache.hadoop</groupId><artifactId>hadoop-aws</artifactId>
      <version>{HADOOP}</version>
      <exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>
    </dependency>
    <dependency>
      <groupId>software.amazon.awssdk</groupId><artifactId>s3</artifactId>
    </dependency>
    <dependency>
      <groupId>software.amazon.awssdk</groupId><artifactId>s3-transfer-manager</artifactId>
    </dependency>
    <dependency>
      <groupId>software.amazon.awssdk</groupId><artifactId>sts</artifactId>
    </dependency>
  </dependencies>
</project>
"""
SPARKS_OWN = ("netty-*", "slf4j-*", "commons-*")


class NotToBeHad(Exception):
    """Spark cannot be brought to this machine; the text says why."""


class SparkError(Exception):
    """Spark refused an order; the text begins with the name of its exception."""


@dataclass(frozen=True)
class Spark:
    """A running Spark.

    Attributes:
        place: an empty folder for answers.
    """

    process: subprocess.Popen[str]
    place: Path

    def sql(self, statement: str) -> list[list[Any]]:
        """Carry a statement out; its rows, as far as JSON can say them.

        Raises:
            SparkError: it was refused.
        """
        rows: list[list[Any]] = self._ask({"sql": statement})["rows"]
        return rows

    def rows(self, url: str) -> list[dict[str, Any]]:
        """Every row of the Delta table at `url`, by Spark's own Delta reader."""
        import pyarrow.parquet as pq

        answer = self.place / uuid.uuid4().hex
        self._ask({"read": url, "answer": answer.as_uri()})
        found: list[dict[str, Any]] = pq.read_table(answer).to_pylist()
        return found

    def _ask(self, order: dict[str, str]) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{json.dumps(order)}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SparkError("Spark ended")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise SparkError(answer["error"])
        return answer


@contextmanager
def running(home: Path, place: Path, endpoint: str) -> Iterator[Spark]:
    """Spark from its home, with S3 at `endpoint`; it ends with the block."""
    settings = {"PYTHONPATH": str(home), "S3_ENDPOINT": endpoint, "SPARK_LOCAL_IP": "127.0.0.1"}
    env = {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE_")} | settings
    command = [sys.executable, __file__]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with (
        (place / "spark.log").open("w") as log,
        subprocess.Popen(command, env=env, stderr=log, cwd=place, **pipes) as process,
    ):
        yield Spark(process, place)
        assert process.stdin is not None
        process.stdin.close()


def spark_home(tools: Path, env: dict[str, str]) -> Path:
    """The folder with pyspark and the jars of Delta and S3, brought where it is missing.

    Raises:
        NotToBeHad: there is no Java or Maven, or no registry is reached.
    """
    home = tools / f"spark-{SPARK}-delta-{DELTA}"
    tools.mkdir(exist_ok=True)
    with (tools / "spark.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not home.is_dir():
            _bring(home, env)
    return home


def _bring(home: Path, env: dict[str, str]) -> None:
    for program in ("java", "mvn"):
        if shutil.which(program, path=env["PATH"]) is None:
            raise NotToBeHad(f"there is no {program} (Debian: default-jre-headless, maven)")
    partial = home.with_name(f".{home.name}.{os.getpid()}")
    try:
        _bring_jars(partial, env)
        _bring_pyspark(partial, env)
        for jar in (partial / "delta").glob("*.jar"):
            jar.rename(partial / "pyspark" / "jars" / jar.name)
        partial.rename(home)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _bring_jars(partial: Path, env: dict[str, str]) -> None:
    jars = partial / "delta"
    jars.mkdir(parents=True)
    (partial / "pom.xml").write_text(POM)
    goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={jars}"]
    _must(["mvn", "-q", "-B", "-f", str(partial / "pom.xml"), *goal], env)
    for pattern in SPARKS_OWN:
        for jar in jars.glob(f"{pattern}.jar"):
            if not jar.name.startswith("netty-nio-client"):
                jar.unlink()


def _bring_pyspark(partial: Path, env: dict[str, str]) -> None:
    uv = shutil.which("uv", path=env["PATH"])
    program = [uv] if uv else [sys.executable, "-m", "uv"]
    where = ["--python", sys.executable, "--target", str(partial)]
    _must([*program, "pip", "install", *where, f"pyspark=={SPARK}"], env)


def _must(command: list[str], env: dict[str, str]) -> None:
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    if done.returncode:
        said = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        raise NotToBeHad((said or ["it said nothing"])[0].strip()[:300])


# -- the program ----------------------------------------------------------------------------


def _session() -> Any:
    from pyspark.sql import SparkSession

    settings = {
        "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "1g",
        "spark.ui.enabled": "false",
        # VACUUM would make ten thousand tasks to list one folder.
        "spark.sql.sources.parallelPartitionDiscovery.parallelism": "1",
        "spark.sql.shuffle.partitions": "1",
        "spark.databricks.delta.snapshotPartitions": "1",
        "spark.databricks.delta.retentionDurationCheck.enabled": "false",
        "spark.hadoop.fs.s3.impl": "org.apache.hadoop.fs.s3a.S3AFileSystem",
        "spark.hadoop.fs.s3a.endpoint": os.environ["S3_ENDPOINT"],
        "spark.hadoop.fs.s3a.endpoint.region": "us-east-1",
        "spark.hadoop.fs.s3a.path.style.access": "true",
        "spark.hadoop.fs.s3a.access.key": "AKIATESTTESTTESTTEST",
        "spark.hadoop.fs.s3a.secret.key": "not-a-secret",
        "spark.hadoop.fs.s3a.aws.credentials.provider": (
            "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider"
        ),
    }
    builder = SparkSession.builder.master("local[1]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def _carry_out(spark: Any, order: dict[str, str]) -> dict[str, Any]:
    if "sql" in order:
        return {"rows": [list(row) for row in spark.sql(order["sql"]).collect()]}
    spark.read.format("delta").load(order["read"]).coalesce(1).write.parquet(order["answer"])
    return {}


def _answer(spark: Any, order: dict[str, str]) -> dict[str, Any]:
    try:
        return _carry_out(spark, order)
    except Exception as error:  # noqa: BLE001 - whatever Spark says is the answer
        return {"error": f"{type(error).__name__}: {str(error)[:2000]}"}


def main() -> None:
    # What Spark and Java print must not stand between answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    spark = _session()
    for line in sys.stdin:
        answers.write(f"{json.dumps(_answer(spark, json.loads(line)), default=str)}\n")
        answers.flush()


if __name__ == "__main__":
    main()
