using EchoRate.Machine.Doctor;

namespace EchoRate.Cli.Backends;

/// <summary>What <c>echorate backend list</c> shows. In JSON its members are in snake_case.</summary>
/// <param name="Platform">The platform, in the words of the packages.</param>
/// <param name="Backends">The backends, best first.</param>
internal sealed record BackendListing(string Platform, IReadOnlyList<ExaminedBackend> Backends);
