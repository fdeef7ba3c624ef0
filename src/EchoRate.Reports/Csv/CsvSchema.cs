namespace EchoRate.Reports.Csv;

/// <summary>The contract that users' spreadsheets hold on to.</summary>
public static class CsvSchema
{
    /// <summary>The value of the first column of every file; raised whenever a column is added, changed or moved.</summary>
    public const int Version = 2;

    /// <summary>The name of the first column of every file; what separates it from the second tells a file's profile.</summary>
    public const string VersionColumn = "schema_version";
}
