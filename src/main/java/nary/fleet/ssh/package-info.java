/** Commands and files on servers, over the system's OpenSSH or on this machine. */
@org.jspecify.annotations.NullMarked
package nary.fleet.ssh;
