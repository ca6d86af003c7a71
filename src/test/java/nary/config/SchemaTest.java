package nary.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import nary.control.Json;
import org.junit.jupiter.api.Test;

class SchemaTest {
    @Test
    void theSchemaIsWrittenFromTheTable() throws IOException {
        OptionTableTest.assertWritten(Path.of("docs/nary.schema.json"), Json.pretty(Schema.of()) + "\n");
    }

    @Test
    void everyKeyIsInIt() {
        Map<?, ?> keys = (Map<?, ?>) Schema.of().get("properties");
        for (Option option : OptionTable.keys()) assertThat(keys.containsKey(option.key())).as(option.name()).isTrue();
        assertThat(keys.containsKey("command") && keys.containsKey("name") && keys.containsKey("apps")).isTrue();
        assertThat(keys.containsKey("daemon-mode")).isFalse();
    }

    @Test
    void aValueHasAllItsForms() {
        Map<?, ?> keys = (Map<?, ?>) Schema.of().get("properties");
        assertThat(Json.write(keys.get("worker-count"))).contains("{\"type\":\"integer\"}", "{\"enum\":[\"auto\"]}", "\"default\":1");
        assertThat(Json.write(keys.get("settle"))).contains("\"minimum\":0", "\"default\":0.5").doesNotContain("enum");
        assertThat(Json.write(keys.get("strategy"))).contains("{\"description\":\"how deploys go about it\",\"enum\":[\"surge\",\"first-ready\",\"rolling\",\"replace\"]");
    }
}
