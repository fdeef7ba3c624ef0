namespace EchoRate.Core.Results;

/// <summary>What became of a row. The first four are measurements, the last two are failures.</summary>
public enum RowStatus
{
    /// <summary>Measured.</summary>
    Ok,

    /// <summary>The arm wants BOS and the file declares none.</summary>
    NoBos,

    /// <summary>The item is not one token of this vocabulary, or its bytes do not come back.</summary>
    NotSingleToken,

    /// <summary>The model answered with NaN or infinity.</summary>
    Nonfinite,

    /// <summary>The model's file is not on this machine.</summary>
    NotHere,

    /// <summary>The file could not be loaded, or the engine failed.</summary>
    Failed,
}

/// <summary>How the two kinds of status are told apart.</summary>
public static class RowStatusExtensions
{
    /// <summary>Whether the row answers the question that was asked; a run with other rows ends with exit code 5 or 6.</summary>
    public static bool IsMeasurement(this RowStatus status) =>
        status is not (RowStatus.NotHere or RowStatus.Failed);
}
