package nary.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.FieldRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The packages are in one order, from the top of the data flow to its ground; each knows only those below it. */
class PackageOrderTest {
    private static final List<String> ORDER = List.of(
            "nary", "nary.cli.naught", "nary.cli", "nary.fleet.roll", "nary.fleet.fitness", "nary.fleet.spec", "nary.fleet.plan", "nary.fleet.run", "nary.fleet.balancer", "nary.fleet.ssh", "nary.fleet.transform", "nary.fleet", "nary.dashboard", "nary.demo", "nary.demo.load", "nary.control", "nary.supervisor", "nary.rollout", "nary.worker",
            "nary.listen", "nary.log", "nary.config", "nary.posix.ffm", "nary.posix", "nary.time", "nary.id");

    private static final Pattern OURS = Pattern.compile("L?(nary(?:/[a-z]+)*)/[A-Z]");

    /** Main puts the program together, so it alone chooses the implementation of the operating system. */
    private static final Set<String> MAY_CHOOSE_FFM = Set.of("nary.Main");

    /** Console is the terminal; the demo prints where Main tells it to. */
    private static final Set<String> MAY_PRINT = Set.of("nary.Main", "nary.cli.Console");

    private static final List<ClassModel> CLASSES = read(Path.of("target/classes"));

    private static List<ClassModel> read(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".class")).sorted().map(PackageOrderTest::parse).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ClassModel parse(Path file) {
        try {
            return ClassFile.of().parse(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(ClassModel model) {
        return model.thisClass().asInternalName().replace('/', '.').replaceFirst("\\$.*", "");
    }

    private static String packageOf(String className) {
        return className.substring(0, className.lastIndexOf('.'));
    }

    /** The packages of nary that a class names anywhere: as a class, in a descriptor, in a generic signature. */
    private static Set<String> packagesUsedBy(ClassModel model) {
        Set<String> used = new TreeSet<>();
        for (PoolEntry entry : model.constantPool()) {
            if (!(entry instanceof Utf8Entry text)) continue;
            Matcher matcher = OURS.matcher(text.stringValue());
            while (matcher.find()) used.add(matcher.group(1).replace('/', '.'));
        }
        return used;
    }

    @Test
    void thereAreClasses() {
        assertThat(CLASSES).hasSizeGreaterThan(20);
    }

    @Test
    void everyPackageHasItsPlace() {
        assertThat(CLASSES).allSatisfy(model -> assertThat(ORDER).contains(packageOf(name(model))));
    }

    @Test
    void aPackageKnowsOnlyThoseBelowIt() {
        List<String> wrong = new ArrayList<>();
        for (ClassModel model : CLASSES) {
            int own = ORDER.indexOf(packageOf(name(model)));
            for (String used : packagesUsedBy(model)) if (ORDER.indexOf(used) < own) wrong.add(name(model) + " uses " + used);
        }
        assertThat(wrong).as("move the class down, or what it uses").isEmpty();
    }

    @Test
    void onlyMainChoosesTheOperatingSystem() {
        for (ClassModel model : CLASSES)
            if (packagesUsedBy(model).contains("nary.posix.ffm") && !packageOf(name(model)).equals("nary.posix.ffm"))
                assertThat(MAY_CHOOSE_FFM).contains(name(model));
    }

    @Test
    void onlyFfmCallsForeignCode() {
        for (ClassModel model : CLASSES)
            for (PoolEntry entry : model.constantPool())
                if (entry instanceof ClassEntry used && used.asInternalName().startsWith("java/lang/foreign/"))
                    assertThat(packageOf(name(model))).as(name(model) + " uses " + used.asInternalName()).isEqualTo("nary.posix.ffm");
    }

    @Test
    void onlyTheConsoleTouchesStdoutAndStderr() {
        for (ClassModel model : CLASSES)
            for (PoolEntry entry : model.constantPool())
                if (entry instanceof FieldRefEntry field
                        && field.owner().asInternalName().equals("java/lang/System")
                        && !packageOf(name(model)).equals("nary.demo"))
                    assertThat(MAY_PRINT).as("System." + field.name() + "; use Console").contains(name(model));
    }

    @Test
    void noClassIsLongerThan400Lines() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList())
                assertThat(Files.readAllLines(file).size()).as(file + ": split it by noun").isLessThanOrEqualTo(400);
        }
    }
}
