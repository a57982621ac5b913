#!/usr/bin/env bash
# dynamodb.sh FOLDER: DynamoDB Local, AWS's own DynamoDB for tests, and FOLDER/serve, which runs it: it listens on a free port of the
# loopback interface, prints its URL as its first line, keeps everything in memory, and ends when its standard input does.
set -euo pipefail
folder=$1
version=3.1.0 # later ones need parts of the AWS SDK for Java that Maven Central does not have
need() { # need COMMAND PACKAGE
	command -v "$1" >/dev/null || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$2"; }
}
need javac default-jdk-headless
need mvn maven
cd "$folder"

cat >pom.xml <<XML
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>test</groupId>
  <artifactId>dynamodb</artifactId>
  <version>0</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>software.amazon.dynamodb</groupId>
      <artifactId>DynamoDBLocal</artifactId>
      <version>$version</version>
    </dependency>
  </dependencies>
</project>
XML
mvn --quiet --batch-mode --no-transfer-progress -Dmaven.repo.local="$folder/maven" \
	dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$folder/lib"
rm -rf maven pom.xml

# Its own main function listens on all interfaces and wants to be told a port. Both are set on its HTTP connector instead, before
# it is started; an option for that does not exist, nor a method.
cat >Serve.java <<'JAVA'
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import software.amazon.dynamodb.services.local.main.ServerRunner;

public class Serve {
	public static void main(String[] options) throws Exception {
		var answer = System.out;
		System.setOut(System.err);
		var local = ServerRunner.createServerFromCommandLineArgs(options);
		var inside = local.getClass().getDeclaredField("server");
		inside.setAccessible(true);
		var connector = (ServerConnector) ((Server) inside.get(local)).getConnectors()[0];
		connector.setHost("127.0.0.1");
		connector.setPort(0);
		local.start();
		answer.println("http://127.0.0.1:" + connector.getLocalPort());
		System.in.transferTo(java.io.OutputStream.nullOutputStream());
		Runtime.getRuntime().halt(0);
	}
}
JAVA
javac -cp 'lib/*' -d lib Serve.java
rm Serve.java
cat >lib/log.properties <<'LOG'
rootLogger.level = error
rootLogger.appenderRef.err.ref = err
appender.err.name = err
appender.err.type = Console
appender.err.target = SYSTEM_ERR
appender.err.layout.type = PatternLayout
appender.err.layout.pattern = %m%n
LOG

# Without -sharedDb each access key has tables of its own, so that tests do not see each other's.
cat >serve <<SERVE
#!/bin/sh
export AWS_REGION=us-east-1 DDB_LOCAL_TELEMETRY=0
exec java -Xmx1g -XX:+UseSerialGC -XX:TieredStopAtLevel=\${TIER:-4} -Dlog4j2.configurationFile="$folder/lib/log.properties" \\
	-Djava.library.path="$folder/lib" -cp "$folder/lib:$folder/lib/*" Serve -inMemory -disableTelemetry
SERVE
chmod +x serve
