package nary.fleet.roll;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import nary.config.ConfigException;
import nary.config.EnvFile;
import nary.fleet.transform.EnvironmentFiles;
import nary.fleet.transform.Finding;
import nary.fleet.transform.OutputFile;
import nary.fleet.transform.Outcome;
import nary.fleet.transform.Transformation;
import nary.fleet.transform.Variables;

/**
 * Applies {@code NAME.ENVIRONMENT.EXT} to the {@code NAME.EXT} beside it, for every such pair of a package, strictly: what has no effect, and an
 * unknown variable, is an error before any server is touched. The transform does not go to the servers.
 *
 * @param variables of the operator's environment, what {@code #{NAME}} stands for; those of a file of parameters count more
 */
public record Transforms(Map<String, String> variables) implements Transformer {
    @Override
    public List<String> transform(Path folder, String environment, Optional<Path> parameters) throws IOException {
        List<String> changes = new ArrayList<>();
        Map<String, String> values = new HashMap<>(variables);
        if (parameters.isPresent()) values.putAll(values(parameters.get()));
        for (EnvironmentFiles.Pair pair : EnvironmentFiles.in(folder, environment)) changes.addAll(apply(pair.file(), pair.transform(), folder, values));
        return changes;
    }

    /** A file of parameters that is no .env is the package's own business. */
    private static Map<String, String> values(Path parameters) throws IOException {
        if (!String.valueOf(parameters.getFileName()).endsWith(".env")) return Map.of();
        try {
            return EnvFile.read(List.of(parameters.toString()));
        } catch (ConfigException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static List<String> apply(Path source, Path transform, Path folder, Map<String, String> values) throws IOException {
        String name = folder.relativize(source).toString();
        String by = folder.relativize(transform).toString();
        var request = new Transformation.Request(
                new Transformation.Input(source, name), List.of(new Transformation.Input(transform, by)), Optional.empty(), new Variables(values), true);
        switch (Transformation.run(request)) {
            case Outcome.Failed(var findings) ->
                throw new IOException(findings.stream().filter(Finding::isError).map(Object::toString).collect(Collectors.joining("\n")));
            case Outcome.Done done -> {
                OutputFile.write(source, done.bytes(), source);
                Files.delete(transform);
                List<String> lines = new ArrayList<>(List.of(name + " by " + by));
                lines.addAll(done.diff().lines(name, by));
                done.findings().forEach(it -> lines.add(it.toString()));
                return lines;
            }
        }
    }
}
