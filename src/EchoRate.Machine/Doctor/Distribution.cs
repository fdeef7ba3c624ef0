namespace EchoRate.Machine.Doctor;

/// <summary>Families of Linux distributions, by how packages are called.</summary>
public enum Distribution
{
    /// <summary>Not Linux, or one that we do not know.</summary>
    Other,

    /// <summary>Debian, Ubuntu and theirs.</summary>
    Debian,

    /// <summary>Fedora, Red Hat and theirs.</summary>
    Fedora,

    /// <summary>Arch and its.</summary>
    Arch,
}

/// <summary>Reads os-release(5).</summary>
internal static class Distributions
{
    public static Distribution Find(IHostView view)
    {
        var text = view.ReadText("/etc/os-release") ?? "";
        var names = text.Split('\n')
            .Select(line => line.Split('=', 2))
            .Where(pair => pair is ["ID" or "ID_LIKE", _])
            .SelectMany(pair => pair[1].Trim().Trim('"').Split(' '))
            .ToHashSet();
        return names.Overlaps(["debian", "ubuntu"]) ? Distribution.Debian
            : names.Overlaps(["fedora", "rhel", "centos"]) ? Distribution.Fedora
            : names.Contains("arch") ? Distribution.Arch
            : Distribution.Other;
    }
}
