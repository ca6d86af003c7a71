/** The rules of DESIGN that a compiler does not check. */
@org.jspecify.annotations.NullMarked
package nary.architecture;
