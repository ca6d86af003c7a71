package nary.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nary.config.ConfigException;
import nary.config.EnvFile;
import nary.config.Suggest;
import nary.fleet.transform.Finding;
import nary.fleet.transform.Format;
import nary.fleet.transform.Outcome;
import nary.fleet.transform.OutputFile;
import nary.fleet.transform.Transformation;
import nary.fleet.transform.Variables;

/** {@code nary transform}: a configuration file as it is for one environment. Needs no daemon. */
final class TransformVerb implements Verb {
    private static final int MOST_FILES = 1000;

    @Override
    public Options options() {
        return new Options("transform", "Change a configuration file as other files say, one after the other: XML by XDT, JSON and YAML by merge patch or JSON Patch, "
                        + "settings line by line. #{NAME} becomes the value of a variable. What does not change keeps its bytes.")
                .words("SOURCE [TRANSFORM…]", "the file to change, and those that change it; none: only variables are put in", MOST_FILES);
    }

    /** One result. @param out where it goes; empty: stdout */
    private record Job(Transformation.Request request, String name, Optional<Path> out) {}

    @Override
    public ExitCode run(Arguments arguments, Context context) throws UsageError, IOException {
        Optional<Variables> variables = variables(arguments, context);
        if (variables.isEmpty()) return ExitCode.FAILED;
        List<Job> jobs = jobs(arguments, variables.get(), context);
        List<Outcome.Done> done = new ArrayList<>();
        for (Job job : jobs) {
            Outcome outcome = Transformation.run(job.request());
            for (Finding finding : outcome.findings()) context.console().err("nary transform: " + finding);
            if (outcome instanceof Outcome.Done result) done.add(result);
        }
        if (done.size() < jobs.size()) return ExitCode.FAILED;
        for (int i = 0; i < jobs.size(); i++) deliver(jobs.get(i), done.get(i), arguments.isSet("--diff"), context);
        return ExitCode.DONE;
    }

    private static List<Job> jobs(Arguments arguments, Variables variables, Context context) throws UsageError, IOException {
        List<String> words = arguments.words();
        if (words.isEmpty()) throw new UsageError("which file? nary transform SOURCE TRANSFORM… -o FILE");
        List<Transformation.Input> files = words.stream().map(word -> new Transformation.Input(context.caller().resolve(word), word)).toList();
        List<Transformation.Input> transforms = files.subList(1, files.size());
        var chain = new Transformation.Request(files.getFirst(), transforms, format(arguments), variables, !arguments.isSet("--lenient"));
        Optional<Path> out = arguments.value("-o").map(context.caller()::resolve);
        Optional<Path> folder = arguments.value("--each").map(context.caller()::resolve);
        if (folder.isPresent() && out.isPresent()) throw new UsageError("--each names the files itself; leave out -o");
        if (folder.isPresent()) return each(chain, folder.get());
        if (out.isPresent()) checkOutput("-o", out.get(), transforms);
        return List.of(new Job(chain, words.getFirst(), out));
    }

    private static List<Job> each(Transformation.Request chain, Path folder) throws UsageError, IOException {
        if (chain.transforms().isEmpty()) throw new UsageError("--each needs transforms: nary transform SOURCE TRANSFORM… --each DIR");
        List<Transformation.Input> inputs = new ArrayList<>(chain.transforms());
        inputs.add(chain.source());
        Map<Path, Job> jobs = new LinkedHashMap<>();
        for (var transform : chain.transforms()) {
            Path out = folder.resolve(String.valueOf(transform.path().getFileName()));
            checkOutput("--each", out, inputs);
            var request = new Transformation.Request(chain.source(), List.of(transform), chain.format(), chain.variables(), chain.isStrict());
            Job other = jobs.put(out, new Job(request, transform.name(), Optional.of(out)));
            if (other != null) throw new UsageError("two transforms are named " + out.getFileName() + "; --each would write one file for both");
        }
        return List.copyOf(jobs.values());
    }

    private static void checkOutput(String option, Path out, List<Transformation.Input> inputs) throws UsageError, IOException {
        if (Files.isDirectory(out)) throw new UsageError(option + ": " + out + " is a folder");
        for (var input : inputs) {
            boolean isSame = Files.exists(out) && Files.exists(input.path()) && Files.isSameFile(out, input.path());
            if (isSame) throw new UsageError(option + ": " + input.name() + " would be overwritten by its own result");
        }
    }

    private static Optional<Format> format(Arguments arguments) throws UsageError {
        Optional<String> word = arguments.value("--format");
        if (word.isEmpty()) return Optional.empty();
        Optional<Format> format = Format.named(word.get());
        List<String> known = Arrays.stream(Format.values()).map(Format::word).toList();
        if (format.isEmpty()) throw new UsageError("--format: '" + word.get() + "' is none of " + String.join(", ", known) + Suggest.text(word.get(), known));
        return format;
    }

    /** Empty if a file of them is wrong; it was said what. */
    private static Optional<Variables> variables(Arguments arguments, Context context) throws UsageError, IOException {
        List<String> files = new ArrayList<>();
        for (String file : arguments.values("--vars")) {
            Path path = context.caller().resolve(file);
            if (!Files.isRegularFile(path)) throw new IOException("--vars: there is no file " + path);
            files.add(path.toString());
        }
        var variables = new Variables(context.caller().environment());
        try {
            EnvFile.read(files).forEach(variables::set);
        } catch (ConfigException e) {
            for (String line : e.lines()) context.console().err("nary transform: " + line);
            return Optional.empty();
        }
        for (String entry : arguments.values("--set")) {
            int equals = entry.indexOf('=');
            if (equals < 1) throw new UsageError("--set: '" + (equals < 0 ? entry : "") + "' has no name or no value; use --set NAME=VALUE");
            variables.set(entry.substring(0, equals), entry.substring(equals + 1));
        }
        return Optional.of(variables);
    }

    private static void deliver(Job job, Outcome.Done done, boolean showsDiff, Context context) throws IOException {
        Console console = context.console();
        if (showsDiff) showDiff(job, done, context);
        if (job.out().isPresent()) {
            Path out = job.out().get();
            if (out.getParent() != null) Files.createDirectories(out.getParent());
            OutputFile.write(out, done.bytes(), job.request().source().path());
        } else if (!showsDiff) {
            console.outBytes(done.bytes());
            console.flush();
        }
    }

    private static void showDiff(Job job, Outcome.Done done, Context context) {
        boolean isColoured = context.console().showsColours(context.caller().environment());
        String source = job.request().source().name();
        String result = job.name().equals(source) ? source + " (changed)" : job.name();
        for (String line : done.diff().lines(source, result)) context.console().out(isColoured ? coloured(line) : line);
    }

    private static String coloured(String line) {
        if (line.startsWith("---") || line.startsWith("+++")) return "\033[1m" + line + "\033[0m";
        return switch (line.isEmpty() ? ' ' : line.charAt(0)) {
            case '+' -> "\033[32m" + line + "\033[0m";
            case '-' -> "\033[31m" + line + "\033[0m";
            case '@' -> "\033[36m" + line + "\033[0m";
            default -> line;
        };
    }
}
