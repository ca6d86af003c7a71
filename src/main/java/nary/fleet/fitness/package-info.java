/** What servers must have under an app: looked at, compared, made so. */
@org.jspecify.annotations.NullMarked
package nary.fleet.fitness;
