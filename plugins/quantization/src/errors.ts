/** `CALIBRATION_INVALID`: the data to calibrate on is missing, or gives values that are no finite numbers. */
export type QuantizationErrorCode = 'CALIBRATION_INVALID';
