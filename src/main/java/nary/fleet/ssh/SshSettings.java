package nary.fleet.ssh;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How ssh is called, beyond what the user's own configuration says.
 *
 * @param config instead of ~/.ssh/config and /etc/ssh/ssh_config
 * @param options each as ssh_config has it, e.g. {@code UserKnownHostsFile=/etc/fleet/known_hosts}; they win over the configuration
 * @param connectLimit for connecting, key exchange and login; a server that is silent for one and a half times this long counts as lost
 */
public record SshSettings(Optional<Path> config, List<String> options, Duration connectLimit) {
    public static final SshSettings DEFAULT = new SshSettings(Optional.empty(), List.of(), Duration.ofSeconds(10));

    public SshSettings {
        options = List.copyOf(options);
    }

    public SshSettings withConfig(Path file) {
        return new SshSettings(Optional.of(file), options, connectLimit);
    }

    public SshSettings withConnectLimit(Duration limit) {
        return new SshSettings(config, options, limit);
    }
}
