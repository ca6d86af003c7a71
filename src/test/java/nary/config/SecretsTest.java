package nary.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SecretsTest {
    @Test
    void aSecretNameHidesItsValue() {
        for (String name : new String[] {"DB_PASSWORD", "PASSPHRASE", "client_secret", "GITHUB_TOKEN", "API_KEY", "AWS_CREDENTIALS"})
            assertThat(Secrets.masked(name, "s3cr3t")).as(name).isEqualTo(Secrets.MASK);
        assertThat(Secrets.masked("API_KEY", "")).isEmpty();
        assertThat(Secrets.masked("PATH", "/usr/bin:/bin")).isEqualTo("/usr/bin:/bin");
        assertThat(Secrets.masked("PORT", "8080")).isEqualTo("8080");
    }

    @Test
    void aPasswordInAUrlIsHiddenWhereverItStands() {
        assertThat(Secrets.masked("DATABASE_URL", "postgres://app:p4ss@db:5432/app?sslmode=require")).isEqualTo("postgres://app:********@db:5432/app?sslmode=require");
        assertThat(Secrets.masked("R", "redis://:p4ss@r:6379")).isEqualTo("redis://:********@r:6379");
        assertThat(Secrets.masked("U", "amqp://u:p@ss/w@h/x")).isEqualTo("amqp://u:********@h/x");
        assertThat(Secrets.masked("U", "http://h:80/a")).isEqualTo("http://h:80/a");
        assertThat(Secrets.masked("U", "https://user@h/a")).isEqualTo("https://user@h/a");
        assertThat(Secrets.masked("JDBC", "jdbc:postgresql://h/db?user=a&password=p4ss&x=1")).isEqualTo("jdbc:postgresql://h/db?user=a&password=********&x=1");
        assertThat(Secrets.masked("TWO", "http://a:b1@x http://c:d2@y")).doesNotContain("b1", "d2");
    }
}
