package nary.fleet.roll;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Changes the configuration files of a package for an environment. */
public interface Transformer {
    Transformer NONE = (_, _, _) -> List.of();

    /**
     * @param folder the package, unpacked; changed
     * @param parameters a file of the environment's values
     * @return what was changed, a line each
     */
    List<String> transform(Path folder, String environment, Optional<Path> parameters) throws IOException;
}
