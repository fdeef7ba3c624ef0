using System.Globalization;

namespace EchoRate.Hub.Manifests;

/// <summary>One thing that is wrong in a manifest.</summary>
/// <param name="Line">Line from 1; 0 when the problem is the file itself.</param>
/// <param name="Column">Column from 1, in UTF-16 units as editors count; 0 when the problem is the file itself.</param>
/// <param name="Text">What is wrong and what is allowed, in one line.</param>
public sealed record ManifestProblem(int Line, int Column, string Text)
{
    /// <summary><c>12:5: text</c>, or <c> text</c> for a problem without a place.</summary>
    public override string ToString() =>
        Line == 0
            ? $" {Text}"
            : string.Create(CultureInfo.InvariantCulture, $"{Line}:{Column}: {Text}");
}
